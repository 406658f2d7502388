/** Writes what a role says of itself to `DATA_DIR/run/<role>.json` each second, and reads what the others say. */
import { closeSync, fstatSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { ROLES, type Role, type RoleStatus } from '../domain/role-status.ts'

export interface StatusWriter {
  /** Merges into what is written at the next second, or at once when the state changes. */
  set(change: Partial<Omit<RoleStatus, 'role' | 'pid' | 'at'>>): void
  close(): Promise<void>
}

export function startStatusWriter(options: { readonly dataDir: string; readonly role: Role }): StatusWriter {
  const directory = join(options.dataDir, 'run')
  mkdirSync(directory, { recursive: true })
  const path = join(directory, `${options.role}.json`)
  let status: RoleStatus = { role: options.role, pid: process.pid, at: Date.now(), state: 'starting' }
  const write = () => {
    status = { ...status, at: Date.now() }
    const text = JSON.stringify(status)
    try {
      writeFileSync(`${path}.new`, text)
      renameSync(`${path}.new`, path)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
      overwrite(path, text)
    }
  }
  write()
  const timer = setInterval(write, 1000)
  return {
    set: (change) => {
      const before = status
      status = { ...status, ...change }
      if (before.state !== status.state || before.waitingFor !== status.waitingFor) write()
    },
    close: async () => {
      clearInterval(timer)
      status = { ...status, state: 'stopping' }
      write()
    },
  }
}

/** @returns one entry for each role; undefined where it has never run or its file is half-written by a crash. */
export function readRoleStatuses(dataDir: string): Record<Role, RoleStatus | undefined> {
  return Object.fromEntries(ROLES.map((role) => [role, readStatus(join(dataDir, 'run', `${role}.json`))])) as Record<
    Role,
    RoleStatus | undefined
  >
}

/** On a full disk: what a file has it keeps, so its own block can be written over; at worst the old status ages. */
function overwrite(path: string, text: string): void {
  const handle = openSync(path, 'r+')
  try {
    const { size } = fstatSync(handle)
    writeSync(handle, text.padEnd(size), 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
  } finally {
    closeSync(handle)
  }
}

function readStatus(path: string): RoleStatus | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as RoleStatus
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError) return undefined
    throw error
  }
}
