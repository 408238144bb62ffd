/** The calculator that a sitting may allow: + − × ÷ and parentheses, by a small recursive reader; no eval. */

class Reader {
  private at = 0
  private readonly text: string

  constructor(text: string) {
    this.text = text.replace(/\s/g, '').replace(/×/g, '*').replace(/÷/g, '/').replace(/−/g, '-')
  }

  readAll(): number {
    const value = this.sum()
    return this.at === this.text.length ? value : NaN
  }

  private take(signs: string): string | null {
    const sign = this.text[this.at]
    if (sign === undefined || !signs.includes(sign)) return null
    this.at += 1
    return sign
  }

  private sum(): number {
    let value = this.product()
    for (let sign = this.take('+-'); sign !== null; sign = this.take('+-')) {
      const next = this.product()
      value = sign === '+' ? value + next : value - next
    }
    return value
  }

  private product(): number {
    let value = this.signed()
    for (let sign = this.take('*/'); sign !== null; sign = this.take('*/')) {
      const next = this.signed()
      value = sign === '*' ? value * next : value / next
    }
    return value
  }

  private signed(): number {
    return this.take('-') === null ? this.atom() : -this.signed()
  }

  private atom(): number {
    if (this.take('(') !== null) {
      const value = this.sum()
      return this.take(')') === null ? NaN : value
    }
    const digits = /^\d+(\.\d*)?|^\.\d+/.exec(this.text.slice(this.at))?.[0] ?? ''
    this.at += digits.length
    return digits === '' ? NaN : Number(digits)
  }
}

/** Longer texts are not calculations; the limit also bounds the depth of parentheses. */
const MAX_LENGTH = 100
/** 0.1 + 0.2 must read 0.3: show what a double surely knows. */
const DIGITS = 12

/** Return the result as text, or null when it cannot be computed (syntax, division by zero, too long). */
export function calculate(text: string): string | null {
  if (text.length > MAX_LENGTH) return null
  const value = new Reader(text).readAll()
  return Number.isFinite(value) ? String(Number(value.toPrecision(DIGITS))) : null
}
