/** Chart options that several pages share; pure. */
import type { EChartsCoreOption } from 'echarts/core'

const GRID = { left: 8, right: 16, top: 24, bottom: 8, containLabel: true }
const LABEL_FONT_PX = 12
const MOST_LABEL_PX = 130
const SOFT_LINE = { lineStyle: { color: '#e4eaf0' } }

/** Vertical bars, one series per name. */
export function bars(categories: string[], series: Record<string, number[]>, unit = ''): EChartsCoreOption {
  const names = Object.keys(series)
  return {
    grid: { ...GRID, top: names.length > 1 ? 36 : 24 },
    legend: names.length > 1 ? { top: 0, itemWidth: 12, itemHeight: 12 } : undefined,
    tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' }, valueFormatter: (value: unknown) => `${String(value)}${unit}` },
    xAxis: { type: 'category', data: categories, axisTick: { show: false }, axisLabel: { interval: 0, hideOverlap: true } },
    yAxis: { type: 'value', splitLine: SOFT_LINE, minInterval: 1 },
    series: names.map((name) => ({ name, type: 'bar', barMaxWidth: 36, data: series[name], itemStyle: { borderRadius: [3, 3, 0, 0] } })),
  }
}

/** Horizontal bars, one row per category; stacked where the series are parts of one whole. */
export function rows(categories: string[], series: Record<string, number[]>, isStacked: boolean): EChartsCoreOption {
  return {
    // The library measures labels before their font is there, and cut long ones off: their room is reckoned here.
    grid: { left: widthOf(categories) + 12, right: 20, top: 36, bottom: 24 },
    legend: { top: 0, itemWidth: 12, itemHeight: 12, itemGap: 14 },
    tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' } },
    xAxis: { type: 'value', splitLine: SOFT_LINE, minInterval: 1 },
    yAxis: { type: 'category', data: categories, inverse: true, axisTick: { show: false }, axisLabel: { width: MOST_LABEL_PX, overflow: 'truncate' } },
    series: Object.entries(series).map(([name, data]) => ({ name, type: 'bar', ...(isStacked ? { stack: 'all' } : {}), barMaxWidth: 22, data })),
  }
}

/** Return the room that the longest label needs, in px: Chinese characters are as wide as high, others about half. */
export function widthOf(labels: string[]): number {
  const width = (label: string) => [...label].reduce((sum, one) => sum + (one.charCodeAt(0) > 0x2e7f ? LABEL_FONT_PX : 0.6 * LABEL_FONT_PX), 0)
  return Math.min(MOST_LABEL_PX, Math.ceil(Math.max(0, ...labels.map(width))))
}

export interface ScatterPoint {
  x: number
  y: number
  name: string
  isMarked: boolean
}

/** Points in a plane; marked ones in red. */
export function scatter(points: ScatterPoint[], xName: string, yName: string): EChartsCoreOption {
  return {
    grid: { ...GRID, bottom: 28, right: 24 },
    // names hold what authors wrote: drawn as text, never read as HTML
    tooltip: { trigger: 'item', renderMode: 'richText', formatter: (hit: { data: { name: string; value: [number, number] } }) => `${hit.data.name}\n${xName} ${hit.data.value[0].toFixed(2)}, ${yName} ${hit.data.value[1].toFixed(2)}` },
    xAxis: { type: 'value', name: xName, nameLocation: 'middle', nameGap: 28, min: 0, max: 1, splitLine: SOFT_LINE },
    yAxis: { type: 'value', name: yName, min: -1, max: 1, splitLine: SOFT_LINE },
    series: [
      {
        type: 'scatter',
        symbolSize: 9,
        data: points.map((one) => ({ name: one.name, value: [one.x, one.y], itemStyle: { color: one.isMarked ? '#a92a1d' : '#3f7fb3', opacity: 0.75 } })),
        markLine: { silent: true, symbol: 'none', lineStyle: { color: '#b98a3c', type: 'dashed' }, data: [{ yAxis: 0.2 }] },
      },
    ],
  }
}
