import { describe, expect, it } from 'vitest'
import { parseInputLine } from '../../simulators/input-line.ts'
import { readSimulateOptions } from '../../simulators/simulate-options.ts'
import { yangqu760 } from './support.ts'

describe('the command line of simulate', () => {
  it('takes what the issue says and has defaults for the rest', () => {
    expect(readSimulateOptions(['--estate', 'yangqu-760', '--scenario', 'intrusion', '--seed', '7'])).toMatchObject({
      estate: 'yangqu-760',
      scenario: 'intrusion',
      seed: 7,
      speed: 1,
      broker: 'mqtt://127.0.0.1:1883',
      brokerGiven: false,
    })
    expect(readSimulateOptions(['--estate', 'e', '--start', '2026-11-24T02:10:00+08:00']).start).toBe(Date.UTC(2026, 10, 23, 18, 10))
  })

  it('names every fault at once', () => {
    const read = () => readSimulateOptions(['--seed', 'x', '--port', '0', '--start', 'soon', '--broker', 'localhost', '--speed', '20'])
    expect(read).toThrow('--seed must be a number')
    expect(read).toThrow('--port must be a number from 1 to 65535')
    expect(read).toThrow('--start must be an instant')
    expect(read).toThrow('--estate is missing')
    expect(read).toThrow('--broker must be an mqtt://')
    expect(read).toThrow('--speed needs --seconds or --scenario')
    expect(read).toThrow('--speed needs --url and --password')
    expect(() => readSimulateOptions(['--estat', 'x'])).toThrow("Unknown option '--estat'")
  })
})

describe('a line of what happens meanwhile', () => {
  it('names device, input and its values', () => {
    expect(parseInputLine('fence-zone@437 cut chainage_m=437', yangqu760)).toMatchObject({
      device: { id: 'zone-5' },
      name: 'cut',
      options: { chainage_m: 437 },
    })
    expect(parseInputLine('elevator#1 shut-in level=true report=false', yangqu760).options).toEqual({ level: true, report: false })
  })

  it('that is wrong says what it should be', () => {
    expect(() => parseInputLine('zone five', yangqu760)).toThrow('write <device> <what>')
    expect(() => parseInputLine('elevator#99 release', yangqu760)).toThrow('estate yangqu-760 has no elevator#99')
    expect(() => parseInputLine('elevator#1 mode inspection', yangqu760)).toThrow('inspection must be name=value')
  })
})
