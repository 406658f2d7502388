import type { LineSeriesOption } from 'echarts'
import { describe, expect, it } from 'vitest'
import { hatchPattern, readPalette, type ChartPalette } from '../../../../../dashboard/web/views/device/chart-palette.ts'
import { chartHeightPx, historyOption, printNumber, type HistoryChart } from '../../../../../dashboard/web/views/device/history-option.ts'

const palette: ChartPalette = {
  ...{ ink: '#111', ink2: '#222', ink3: '#333', line: '#444', edge: '#555', raised: '#666', band: '#777' },
  ...{ p1: '#f00', p2: '#fa0', p3: '#0af', font: 'Noto' },
}
const chart: HistoryChart = {
  history: {
    fps: [
      [0, 20, 24, 25],
      [10, 22, 24, 25],
      [600, 1, 2, 3],
    ],
    recording: [
      [0, 1, 1, 1],
      [10, 0, 0, 0],
    ],
  },
  fields: [
    { name: 'fps', label: 'Frames', unit: 'fps' },
    { name: 'recording', label: 'Recording', unit: '', words: { no: 'no', yes: 'yes' } },
  ],
  ...{ from: 0, to: 1000, points: 100, expectedMs: 10 },
  alarms: [{ at: 300, priority: 1 }],
  palette,
  printTime: (at) => `t${at}`,
  noData: 'no data',
}
const seriesOf = (from: HistoryChart) => historyOption(from).series as LineSeriesOption[]
const mean = (name: string) => seriesOf(chart).find((series) => series.name === name)!

describe('the history chart', () => {
  it('gives each field a strip of its own on one time axis', () => {
    const option = historyOption(chart)
    expect(option.grid).toHaveLength(2)
    expect(option.xAxis).toMatchObject([
      { min: 0, max: 1000 },
      { min: 0, max: 1000 },
    ])
    expect(chartHeightPx(2)).toBeGreaterThan(2 * 80)
  })

  it('breaks the line where nothing was heard, and hatches it', () => {
    const fps = mean('fps')
    expect((fps.data as { value: unknown[] }[]).map(({ value }) => value)).toEqual([
      [0, 24],
      [10, 24],
      [599, null],
      [600, 2],
    ])
    expect(fps.connectNulls).toBe(false)
    expect(fps.markArea?.data).toEqual([
      [{ xAxis: 20 }, { xAxis: 600 }],
      [{ xAxis: 610 }, { xAxis: 1000 }],
    ])
    expect(fps.markArea?.itemStyle?.color).toEqual(hatchPattern(palette.ink3))
  })

  it('shows a reading that stands alone as a dot', () => {
    expect((mean('fps').data as { symbol: string }[]).at(-1)).toMatchObject({ symbol: 'circle' })
  })

  it('hatches the whole strip of a field that has no history', () => {
    const empty = seriesOf({ ...chart, history: {}, fields: [chart.fields[0]!] })
    expect(empty.at(-1)!.markArea?.data).toEqual([[{ xAxis: 0 }, { xAxis: 1000 }]])
  })

  it('draws min to max as a band beneath the mean, and a boolean as steps without one', () => {
    expect(seriesOf(chart)).toHaveLength(4)
    const steps = mean('recording').data as { value: unknown[] }[]
    expect(steps.map(({ value }) => value)).toEqual([
      [0, 1],
      [10, 1],
      [10, 0],
      [20, 0],
    ])
  })

  it('draws each alarm as a line in the hue of its priority', () => {
    expect(mean('fps').markLine?.data).toMatchObject([{ xAxis: 300, lineStyle: { color: '#f00' } }])
  })

  it('tells all fields of an instant, escapes what could be markup, and says where there is no data', () => {
    const { formatter } = historyOption({ ...chart, fields: [{ ...chart.fields[0]!, label: '<b>' }, chart.fields[1]!] }).tooltip as {
      formatter: (params: unknown) => string
    }
    expect(formatter([{ axisValue: 0 }])).toBe('t0<br>&lt;b&gt; 24 fps (20 – 25)<br>Recording yes')
    expect(formatter([{ axisValue: 400 }])).toContain('no data')
  })

  it.each([
    [6.4321987, '6.432'],
    [1100, '1100'],
    [0, '0'],
  ])('prints %d as %s', (value, text) => {
    expect(printNumber(value)).toBe(text)
  })
})

describe('the palette', () => {
  it('comes from the tokens of the page', () => {
    expect(readPalette({ getPropertyValue: (token) => ` ${token} `, fontFamily: 'Noto' })).toMatchObject({
      ink: '--ink',
      p1: '--p1',
      band: '--bay-full',
      font: 'Noto',
    })
  })
})
