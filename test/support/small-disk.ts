/** A small file system of its own, for tests that fill a disk: mounted by root, taken away by `unmount()`. */
import { execFileSync } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, rmSync, statfsSync, statSync, truncateSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type DiskKind = 'tmpfs' | 'ext4'

export interface SmallDisk {
  /** Where it is mounted. */
  readonly path: string
  freeMib(): number
  /** Fills or empties it with ballast until so much is free; 0 leaves not a block. */
  leave(mib: number): void
  unmount(): void
}

const MIB = 1 << 20

/** @returns why no disk can be mounted here, or undefined when one can. */
export function whyNoMount(): string | undefined {
  try {
    makeSmallDisk('ext4', 4).unmount()
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message.split('\n')[0] : String(error)
  }
}

export function makeSmallDisk(kind: DiskKind, mib: number): SmallDisk {
  // Its image in memory where that is possible: how busy the real disk is does not matter then.
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'ew-'))
  const path = join(folder, 'disk')
  mkdirSync(path)
  const run = (command: string, ...args: readonly string[]) => execFileSync(command, args, { stdio: 'pipe' })
  if (kind === 'tmpfs') run('mount', '-t', 'tmpfs', '-o', `size=${mib}m`, 'tmpfs', path)
  else {
    const image = join(folder, 'image')
    run('fallocate', '-l', String(mib * MIB), image)
    run('mkfs.ext4', '-q', '-m', '0', image)
    run('mount', '-o', 'loop', image, path)
  }
  const ballast = join(path, 'ballast')
  const crumbs = join(path, 'crumbs')
  const free = () => {
    const { bavail, bsize } = statfsSync(path)
    return bavail * bsize
  }
  const leave = (wanted: number) => {
    rmSync(crumbs, { force: true })
    const size = existsSync(ballast) ? statSync(ballast).size : 0
    const next = size + free() - Math.max(wanted, 1) * MIB // others write too: the last MiB goes in crumbs
    if (next <= 0) rmSync(ballast, { force: true })
    else if (next < size) truncateSync(ballast, next)
    else run('fallocate', '-l', String(next), ballast)
    if (wanted === 0) fillUp(crumbs)
  }
  return {
    path,
    freeMib: () => free() / MIB,
    leave,
    unmount: () => {
      run('umount', '-l', path)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function fillUp(path: string): void {
  const handle = openSync(path, 'w')
  try {
    for (;;) writeSync(handle, Buffer.alloc(4_096))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
  } finally {
    closeSync(handle)
  }
}
