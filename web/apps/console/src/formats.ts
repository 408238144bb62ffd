/** How instants, counts and sizes are written. Times are shown in Beijing time, the time of the examination. */
import { language } from './language.ts'

const ZONE = 'Asia/Shanghai'

function parts(at: string | Date): Record<string, string> {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: ZONE,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  })
  return Object.fromEntries(format.formatToParts(new Date(at)).map((part) => [part.type, part.value]))
}

/** "2025-11-22 09:30"; "—" for nothing. */
export function formatInstant(at: string | Date | null | undefined): string {
  if (!at) return '—'
  const p = parts(at)
  return `${p['year']}-${p['month']}-${p['day']} ${p['hour']}:${p['minute']}`
}

/** "2025-11-22 09:30:05"; "—" for nothing. */
export function formatInstantExactly(at: string | Date | null | undefined): string {
  if (!at) return '—'
  return `${formatInstant(at)}:${parts(at)['second']}`
}

/** "2025-11-22". */
export function formatDay(at: string | Date | null | undefined): string {
  return at ? formatInstant(at).slice(0, 10) : '—'
}

/** "09:30". */
export function formatTimeOfDay(at: string | Date | null | undefined): string {
  return at ? formatInstant(at).slice(11) : '—'
}

/** "第 7 题" for "i7"; "" when no question is meant. */
export function formatItem(item: string): string {
  if (!item) return ''
  const number = item.replace(/^i/, '')
  return language.value === 'zh' ? `第 ${number} 题` : `Question ${number}`
}

/** "1,234". */
export function formatCount(count: number | null | undefined): string {
  return count === null || count === undefined ? '—' : count.toLocaleString(language.value === 'zh' ? 'zh-CN' : 'en')
}

/** A share in 0..1 as "83.3%". */
export function formatShare(share: number | null | undefined, digits = 1): string {
  return share === null || share === undefined ? '—' : `${(share * 100).toFixed(digits)}%`
}

/** "1.4 MB". */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB']
  const step = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10))
  return `${(bytes / 1024 ** step).toFixed(step === 0 ? 0 : 1)} ${units[step]}`
}

/** Seconds as "1:05" or "1:01:05". */
export function formatSeconds(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds))
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60]
  const two = (n: number) => String(n).padStart(2, '0')
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`
}

/** A wall-clock instant typed in Beijing time ("2025-11-22 09:30" or with seconds) as ISO with its offset. */
export function instantFromBeijing(text: string): string {
  const plain = text.trim().replace(' ', 'T')
  return `${plain.length === 16 ? `${plain}:00` : plain}+08:00`
}

/** The reverse of `instantFromBeijing`, for a date field: "2025-11-22 09:30:00"; "" for nothing. */
export function beijingFromInstant(at: string | null | undefined): string {
  return at ? formatInstantExactly(at) : ''
}
