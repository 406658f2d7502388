/** Devices, lifts, blocks and people: ids stand once, and whatever one of them names is there. */
import type { ElevatorSite } from '../devices/elevator/site.ts'
import { findKind, KINDS } from '../devices/index.ts'
import { findDevice, siteOf, type Estate, type EstateDevice, type LiftProject } from '../domain/estate.ts'
import { duplicates, type Broken, type Disagreement } from './disagreement.ts'

export function checkDevices(estate: Estate, broken: Broken): Disagreement[] {
  const gateways = new Set(estate.devices.filter(({ kind }) => kind === 'gateway').map(({ id }) => id))
  const blocks = new Set(estate.blocks.map(({ id }) => id))
  return [
    ...doubles(estate),
    ...estate.devices.flatMap((device, i) => [
      ...kindFaults(device, i),
      ...(broken.has('devices') ? [] : gatewayFaults(device, i, gateways)),
      ...(broken.has('blocks') ? [] : blockFaults(device, i, blocks)),
    ]),
    ...estate.lifts.flatMap((lift, i) => [
      ...(broken.has('blocks') || blocks.has(lift.block) ? [] : [{ path: ['lifts', i, 'block'], rule: noBlock(lift.block) }]),
      ...(broken.has('devices') ? [] : liftFaults(estate, lift, i)),
    ]),
  ]
}

function doubles(estate: Estate): Disagreement[] {
  const devices = duplicates(estate.devices, ({ kind, id }) => `${kind} ${id}`).map(({ index, name, first }) => ({
    path: ['devices', index, 'id'],
    rule: `${name} stands twice, first at devices[${first}]: an id is used once in its kind, rename or remove one`,
  }))
  const others = (['blocks', 'lifts', 'people'] as const).flatMap((section) =>
    duplicates<{ readonly id: string }>(estate[section], ({ id }) => id).map(({ index, name, first }) => ({
      path: [section, index, 'id'],
      rule: `${name} stands twice, first at ${section}[${first}]: rename or remove one`,
    })),
  )
  return [...devices, ...others]
}

function kindFaults(device: EstateDevice, i: number): Disagreement[] {
  if (findKind(device.kind) !== undefined) return []
  const known = KINDS.map(({ kind }) => kind).join(', ')
  return [{ path: ['devices', i, 'kind'], rule: `there is no kind ${device.kind}: use one of ${known}` }]
}

function gatewayFaults(device: EstateDevice, i: number, gateways: ReadonlySet<string>): Disagreement[] {
  if (device.gateway === undefined) return []
  const path = ['devices', i, 'gateway']
  if (device.kind === 'gateway') return [{ path, rule: 'a gateway has a connection of its own: remove the key gateway' }]
  if (gateways.has(device.gateway)) return []
  return [{ path, rule: `there is no gateway ${device.gateway}: add it to the devices or name another` }]
}

function blockFaults(device: EstateDevice, i: number, blocks: ReadonlySet<string>): Disagreement[] {
  if (device.kind !== 'elevator') return []
  const { block } = siteOf<Partial<ElevatorSite>>(device)
  return block === undefined || blocks.has(block) ? [] : [{ path: ['devices', i, 'site', 'block'], rule: noBlock(block) }]
}

const noBlock = (block: string) => `there is no block ${block}: add it to the blocks or name another`

function liftFaults(estate: Estate, lift: LiftProject, i: number): Disagreement[] {
  const runs = lift.stage === 'in-service' || lift.stage === 'taken-over'
  if (lift.device === undefined)
    return runs ? [{ path: ['lifts', i], rule: `lift ${lift.id} is ${lift.stage} but has no device: name its elevator` }] : []
  const path = ['lifts', i, 'device']
  if (!runs) return [{ path, rule: `lift ${lift.id} is only ${lift.stage}: a device comes with in-service, remove it or mend the stage` }]
  const device = findDevice(estate, 'elevator', lift.device)
  if (device === undefined) return [{ path, rule: `there is no elevator ${lift.device}: add it to the devices or name another` }]
  const { block } = siteOf<Partial<ElevatorSite>>(device)
  if (block === undefined || block === lift.block) return []
  return [{ path, rule: `elevator ${lift.device} stands at ${block}, lift ${lift.id} at ${lift.block}: make them agree` }]
}
