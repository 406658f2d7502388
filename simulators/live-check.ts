/** Keeps simulated time away from devices that really speak: their readings would be mixed up. */
import { SECOND_MS, type EpochMs } from '../domain/clock.ts'
import { AppError } from '../domain/errors.ts'
import type { DeviceState } from '../domain/live.ts'
import type { RestClient } from './rest-client.ts'

export const QUIET_FOR_MS = 60 * SECOND_MS

/** @throws AppError `device-is-live` that names the first few which were heard within 60 s */
export async function refuseLiveDevices(
  rest: RestClient,
  options: { readonly estate: string; readonly concerns: (device: Pick<DeviceState, 'kind' | 'id'>) => boolean; readonly now: EpochMs },
): Promise<void> {
  const devices = await rest.call<readonly DeviceState[]>('GET', `/estates/${encodeURIComponent(options.estate)}/devices`)
  const live = devices.filter(
    (device) => options.concerns(device) && device.receivedAt !== null && options.now - device.receivedAt < QUIET_FOR_MS,
  )
  if (live.length === 0) return
  const names = live.slice(0, 3).map(({ kind, id }) => `${kind}/${id}`)
  throw new AppError(
    'device-is-live',
    `${live.length} of these devices were heard within the last 60 s (${names.join(', ')}${live.length > 3 ? ', …' : ''}). Stop them, or run at their own pace (--speed 1).`,
  )
}
