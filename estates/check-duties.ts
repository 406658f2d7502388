/** Horizontally to the edge: every device has exactly one responsible person, and every duty names somebody and something that is there. */
import { findKind } from '../devices/index.ts'
import { dutyHolder, type Estate, type EstateDuty } from '../domain/estate.ts'
import { duplicates, type Broken, type Disagreement } from './disagreement.ts'

export function checkDuties(estate: Estate, broken: Broken): Disagreement[] {
  const people = new Set(estate.people.map(({ id }) => id))
  return [
    ...duplicates(estate.duties, scope).map(({ index, first }) => ({
      path: ['duties', index],
      rule: `duties[${first}] is the same duty for the same devices: exactly one person answers for each, remove one`,
    })),
    ...estate.duties.flatMap((duty, i) => [
      ...(broken.has('people') || people.has(duty.person)
        ? []
        : [{ path: ['duties', i, 'person'], rule: `there is no person ${duty.person}: add them to the people or name another` }]),
      ...scopeFaults(estate, duty, { i, broken }),
    ]),
    ...(broken.has('duties') ? [] : unanswered(estate)),
  ]
}

function scope({ duty, for: { kind, device } }: EstateDuty): string {
  return `${duty} ${kind ?? '*'} ${device ?? '*'}`
}

function scopeFaults(estate: Estate, duty: EstateDuty, { i, broken }: { readonly i: number; readonly broken: Broken }): Disagreement[] {
  const { kind, device } = duty.for
  if (kind !== undefined && findKind(kind) === undefined)
    return [{ path: ['duties', i, 'for', 'kind'], rule: `there is no kind ${kind}: name a kind of device or leave it out` }]
  if (device === undefined || broken.has('devices')) return []
  if (estate.devices.some((known) => known.id === device && (kind ?? known.kind) === known.kind)) return []
  const what = kind === undefined ? `device ${device}` : `${kind} ${device}`
  return [{ path: ['duties', i, 'for', 'device'], rule: `there is no ${what}: add it to the devices or name another` }]
}

/** Duties are few and devices many, so each distinct narrow scope is looked up, not each pair. */
function unanswered(estate: Estate): Disagreement[] {
  const responsible = estate.duties.filter(({ duty }) => duty === 'responsible')
  if (responsible.some(({ for: { kind, device } }) => kind === undefined && device === undefined)) return []
  const duties = { ...estate, duties: responsible }
  return estate.devices.flatMap((device, i) =>
    dutyHolder(duties, 'responsible', { kind: device.kind, device: device.id }) !== null
      ? []
      : [
          {
            path: ['devices', i],
            rule: `${device.kind} ${device.id} has no responsible person: add a duty "responsible" for it, its kind or everything`,
          },
        ],
  )
}
