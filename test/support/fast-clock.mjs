/**
 * A clock that runs several times as fast: every instant, duration and timer of a process is scaled alike.
 * `NODE_OPTIONS=--import <this file>` with FAST_CLOCK={"realAt", "shownAt", "speed"} puts a process with its children and threads on it.
 */
import { syncBuiltinESMExports } from 'node:module'
import process from 'node:process'
import timers from 'node:timers'
import promised from 'node:timers/promises'

const { realAt, shownAt, speed } = JSON.parse(process.env.FAST_CLOCK)

const RealDate = Date
const now = () => Math.round(shownAt + (RealDate.now() - realAt) * speed)
globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
  apply: () => new RealDate(now()).toString(),
  get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
})

const realMs = performance.now.bind(performance)
performance.now = () => realMs() * speed
const realTicks = process.hrtime.bigint
process.hrtime.bigint = () => realTicks() * BigInt(speed)

const { setTimeout: once, setInterval: again } = timers
const { setTimeout: sleep, setInterval: beats } = promised
const sooner = (ms = 0) => ms / speed
Object.assign(timers, {
  setTimeout: (run, ms, ...args) => once(run, sooner(ms), ...args),
  setInterval: (run, ms, ...args) => again(run, sooner(ms), ...args),
})
Object.assign(globalThis, { setTimeout: timers.setTimeout, setInterval: timers.setInterval })
Object.assign(promised, {
  setTimeout: (ms, ...args) => sleep(sooner(ms), ...args),
  setInterval: (ms, ...args) => beats(sooner(ms), ...args),
})
syncBuiltinESMExports()
