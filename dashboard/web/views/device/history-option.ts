/** The chart of a device's history: one strip for each field on one time axis, min–max as a band, mean as a line, no data hatched. */
import type { EChartsOption, LineSeriesOption } from 'echarts'
import type { EpochMs } from '../../../../domain/clock.ts'
import type { History, HistoryRow } from '../../../../domain/telemetry.ts'
import { bucketMsOf, cutAtGaps, type CutHistory } from './gaps.ts'
import { hatchPattern, type ChartPalette } from './chart-palette.ts'

export interface ChartField {
  readonly name: string
  readonly label: string
  readonly unit: string
  /** Booleans are drawn as steps between 0 and 1, with these words on the axis. */
  readonly words?: { readonly no: string; readonly yes: string }
}

export interface ChartAlarm {
  readonly at: EpochMs
  readonly priority: 1 | 2 | 3
}

export interface HistoryChart {
  readonly history: History
  readonly fields: readonly ChartField[]
  readonly from: EpochMs
  readonly to: EpochMs
  readonly points: number
  readonly expectedMs: number
  readonly alarms: readonly ChartAlarm[]
  readonly palette: ChartPalette
  /** An instant as the axis and the tooltip print it (Asia/Shanghai). */
  readonly printTime: (at: EpochMs) => string
  readonly noData: string
}

export const STRIP_PX = 84
const HEAD_PX = 22
const LEFT_PX = 64
const RIGHT_PX = 16
const FOOT_PX = 28

export function chartHeightPx(fields: number): number {
  return Math.max(1, fields) * STRIP_PX + FOOT_PX
}

export function historyOption(chart: HistoryChart): EChartsOption {
  const { fields, palette, from, to, printTime } = chart
  return {
    animation: false,
    useUTC: true, // ticks fall on whole hours, which Asia/Shanghai shares with UTC
    textStyle: { fontFamily: palette.font, fontSize: 12, color: palette.ink3 },
    grid: fields.map((_, i) => ({ left: LEFT_PX, right: RIGHT_PX, top: i * STRIP_PX + HEAD_PX, height: STRIP_PX - HEAD_PX - 6 })),
    title: fields.map((field, i) => ({
      text: field.unit === '' ? field.label : `${field.label} ${field.unit}`,
      left: LEFT_PX - 5,
      top: i * STRIP_PX,
      textStyle: { fontSize: 12, fontWeight: 'normal', color: palette.ink2 },
    })),
    xAxis: fields.map((_, i) => ({
      type: 'time',
      gridIndex: i,
      min: from,
      max: to,
      axisLine: { lineStyle: { color: palette.edge } },
      axisTick: { show: i === fields.length - 1, lineStyle: { color: palette.edge } },
      axisLabel: { show: i === fields.length - 1, color: palette.ink3, formatter: (at: number) => printTime(at), hideOverlap: true },
      splitLine: { show: false },
    })),
    yAxis: fields.map((field, i) => ({
      type: 'value',
      gridIndex: i,
      scale: !field.words,
      ...(field.words ? { min: 0, max: 1, interval: 1 } : {}),
      splitNumber: 2,
      axisLabel: {
        color: palette.ink3,
        ...(field.words ? { formatter: (value: number) => (value === 1 ? field.words!.yes : field.words!.no) } : {}),
      },
      splitLine: { lineStyle: { color: palette.line } },
    })),
    axisPointer: { link: [{ xAxisIndex: 'all' }], lineStyle: { color: palette.ink3 } },
    tooltip: {
      trigger: 'axis',
      backgroundColor: palette.raised,
      borderColor: palette.edge,
      textStyle: { color: palette.ink, fontSize: 12 },
      formatter: (params: unknown) => tooltipText(params, chart),
    },
    series: fields.flatMap((field, i) => fieldSeries(field, i, chart)),
  }
}

function fieldSeries(field: ChartField, index: number, chart: HistoryChart): LineSeriesOption[] {
  const { palette } = chart
  const cut = cutAtGaps(chart.history[field.name] ?? [], { ...chart, bucketMs: bucketMsOf(chart, chart.points) })
  const axes = { xAxisIndex: index, yAxisIndex: index }
  const quiet = { type: 'line', ...axes, showSymbol: false, silent: true, stack: field.name, stackStrategy: 'all' } as const
  const mean: LineSeriesOption = {
    type: 'line',
    ...axes,
    name: field.name,
    data: field.words
      ? steps(cut, chart)
      : withBreaks(cut, ([at, , value], isAlone) => ({ value: [at, value], symbol: isAlone ? 'circle' : 'none', symbolSize: 4 })),
    connectNulls: false,
    showSymbol: !field.words,
    lineStyle: { color: palette.ink, width: 1.6 },
    itemStyle: { color: palette.ink },
    markArea: {
      silent: true,
      itemStyle: { color: hatchPattern(palette.ink3) },
      data: cut.gaps.map(({ from, to }) => [{ xAxis: from }, { xAxis: to }]),
    },
    markLine: {
      silent: true,
      symbol: 'none',
      label: { show: false },
      data: chart.alarms.map(({ at, priority }) => ({
        xAxis: at,
        lineStyle: { color: palette[`p${priority}`], type: 'solid', width: 1.6 },
      })),
    },
  }
  if (field.words) return [mean]
  return [
    { ...quiet, data: withBreaks(cut, ([at, min]) => ({ value: [at, min] })), lineStyle: { opacity: 0 } },
    {
      ...quiet,
      data: withBreaks(cut, ([at, min, , max]) => ({ value: [at, max - min] })),
      lineStyle: { opacity: 0 },
      areaStyle: { color: palette.band },
    },
    mean,
  ]
}

type Item = { readonly value: [number, number | null]; readonly symbol?: string; readonly symbolSize?: number }

/** A null between two runs breaks the line. */
function withBreaks(cut: CutHistory, toItem: (row: HistoryRow, isAlone: boolean) => { value: (number | null)[]; symbol?: string }): Item[] {
  return cut.runs.flatMap((run, i) => {
    const items = run.map((row) => toItem(row, run.length === 1) as Item)
    const next = cut.runs[i + 1]?.[0]
    return next ? [...items, { value: [next[0] - 1, null], symbol: 'none' } satisfies Item] : items
  })
}

/** A yes or no holds until the next reading; after the last one of a run only for its own bucket. */
function steps(cut: CutHistory, chart: HistoryChart): Item[] {
  const bucketMs = bucketMsOf(chart, chart.points)
  return cut.runs.flatMap((run, i) => {
    const held = run.flatMap(([at, , value], j): Item[] => {
      const until = run[j + 1]?.[0] ?? Math.min(at + bucketMs, chart.to)
      return [{ value: [at, value] }, { value: [until, value] }]
    })
    return cut.runs[i + 1] ? [...held, { value: [held.at(-1)!.value[0], null] } satisfies Item] : held
  })
}

/** Min, mean and max of every field at the instant under the pointer; never markup from data. */
function tooltipText(params: unknown, chart: HistoryChart): string {
  const first = (Array.isArray(params) ? params[0] : params) as { axisValue?: number | string } | undefined
  const at = Number(first?.axisValue)
  if (!Number.isFinite(at)) return ''
  const bucketMs = bucketMsOf(chart, chart.points)
  const lines = chart.fields.map((field) => {
    const row = chart.history[field.name]?.find(([start]) => Math.abs(start - at) <= bucketMs / 2)
    return `${field.label} ${row ? rowText(row, field) : chart.noData}`
  })
  return [chart.printTime(at), ...lines].map(escapeMarkup).join('<br>')
}

function rowText([, min, mean, max]: HistoryRow, field: ChartField): string {
  if (field.words) return mean >= 1 ? field.words.yes : mean <= 0 ? field.words.no : `${field.words.no} / ${field.words.yes}`
  const unit = field.unit === '' ? '' : ` ${field.unit}`
  return min === max ? `${printNumber(mean)}${unit}` : `${printNumber(mean)}${unit} (${printNumber(min)} – ${printNumber(max)})`
}

export function printNumber(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)))
}

function escapeMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
