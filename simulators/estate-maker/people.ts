/** Who answers on an invented estate: role names only, never a person's. */
import type { EstateDevice, EstateDuty, EstatePerson } from '../../domain/estate.ts'

export const people: readonly EstatePerson[] = [
  { id: 'guard-1', name: '值班员甲', nameEn: 'Guard A', title: '安保值班', titleEn: 'security desk', phone: '801' },
  { id: 'engineer-1', name: '工程师乙', nameEn: 'Engineer B', title: '物业工程', titleEn: 'property engineer', phone: '802' },
  { id: 'manager-1', name: '经理丙', nameEn: 'Manager C', title: '物业经理', titleEn: 'property manager', phone: '803' },
  { id: 'supervisor-1', name: '督查员丁', nameEn: 'Supervisor D', title: '居民区书记', titleEn: 'branch secretary', phone: '804' },
  { id: 'supervisor-2', name: '督查员戊', nameEn: 'Supervisor E', title: '业委会主任', titleEn: "owners' committee head", phone: '805' },
]

/** The desk answers for what happens on the ground, the engineer for what runs; whoever decides is reached without layers between. */
export function duties(devices: readonly EstateDevice[]): EstateDuty[] {
  const has = (kind: string) => devices.some((device) => device.kind === kind)
  const ofKind = (duty: EstateDuty['duty'], kind: string, person: string) => (has(kind) ? [{ duty, for: { kind }, person }] : [])
  return [
    { duty: 'responsible', for: {}, person: 'guard-1' },
    ...ofKind('responsible', 'camera', 'engineer-1'),
    ...ofKind('responsible', 'elevator', 'engineer-1'),
    ...ofKind('responsible', 'gateway', 'engineer-1'),
    { duty: 'decision-maker', for: {}, person: 'manager-1' },
    ...ofKind('decision-maker', 'elevator', 'supervisor-2'),
    ...ofKind('decision-maker', 'fence-zone', 'supervisor-1'),
  ]
}
