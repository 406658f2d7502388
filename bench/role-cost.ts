/** What all processes of a running system use, from /proc: processor time with all threads, and memory that is not mapped from files. */
import { readdirSync, readFileSync } from 'node:fs'

/** A clock tick of proc(5) is a hundredth of a second. */
const TICK_MS = 10

export interface Cost {
  readonly cpuMs: number
  readonly rssMib: number
}

/** The process and all that it started, by the last word of their command lines. */
export function readCosts(root: number): ReadonlyMap<string, Cost> {
  const costs = new Map<string, Cost>()
  for (const pid of familyOf(root)) {
    const [fields, status, words] = [statOf(pid), read(pid, 'status'), read(pid, 'cmdline')?.split('\0').filter(Boolean)]
    if (!fields || status === undefined || !words) continue // gone meanwhile
    costs.set(pid === root ? 'supervisor' : (words.at(-1) ?? String(pid)), {
      cpuMs: (Number(fields[11]) + Number(fields[12])) * TICK_MS,
      rssMib: Number(/RssAnon:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024,
    })
  }
  return costs
}

function familyOf(root: number): number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({ pid: Number(name), parent: Number(statOf(Number(name))?.[1]) }))
  const childrenOf = (pid: number): number[] => parents.filter(({ parent }) => parent === pid).flatMap((child) => familyFrom(child.pid))
  const familyFrom = (pid: number): number[] => [pid, ...childrenOf(pid)]
  return familyFrom(root)
}

/** From the state on: what stands before may hold spaces. */
function statOf(pid: number): readonly string[] | undefined {
  const text = read(pid, 'stat')
  return text?.slice(text.lastIndexOf(') ') + 2).split(' ')
}

function read(pid: number, name: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ESRCH') return undefined
    throw error
  }
}
