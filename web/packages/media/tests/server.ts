/** A recording server of a few lines: it keeps chains, can be away, refuse, forget and lose, and remembers what it was told. */
import { createHash } from 'node:crypto'

import type { CommitAnswer, CommitBody, GapBody, EndBody, SegmentBody, SegmentVerdict, TakeBody, Target, TargetsAnswer } from '../src/model.ts'
import { LoginLost, Rejected, Unreachable } from '../src/sending/faults.ts'
import type { RecordingServer } from '../src/sending/http.ts'

interface Chain {
  body: TakeBody
  segments: SegmentBody[]
}

export class TestServer implements RecordingServer {
  readonly takes = new Map<string, Chain>()
  readonly objects = new Map<string, Buffer>()
  readonly ends: EndBody[] = []
  readonly gaps: GapBody[] = []
  readonly puts: string[] = []
  isLoginLost = false
  /** Asked before every request; throws to fail it. After `act`, throws to lose the answer. */
  before: (what: string) => void = () => undefined
  after: (what: string) => void = () => undefined
  points = [{ name: 'a', url: 'https://a' }, { name: 'b', url: 'https://b' }]

  register(take: TakeBody): Promise<void> {
    return this.act('register', () => {
      const known = this.takes.get(take.take_id)
      if (known !== undefined && JSON.stringify(known.body) !== JSON.stringify(take)) throw new Rejected(409, 'take')
      if (known === undefined) this.takes.set(take.take_id, { body: take, segments: [] })
    })
  }

  targets(segments: readonly Pick<SegmentBody, 'take_id' | 'seq' | 'sha256' | 'bytes'>[]): Promise<TargetsAnswer> {
    return this.act('targets', () => {
      if (segments.some((one) => !this.takes.has(one.take_id))) throw new Rejected(404, 'targets')
      const targets = segments.map(({ take_id, seq, sha256 }) => ({ take_id, seq, urls: Object.fromEntries(this.points.map(({ name, url }) => [name, `${url}/${take_id}/${seq}-${sha256}`])) }))
      return { access_points: this.points, targets }
    })
  }

  put(url: string, _target: Target, body: Uint8Array): Promise<void> {
    return this.act(`put ${new URL(url).hostname}`, () => {
      this.puts.push(url)
      this.objects.set(new URL(url).pathname, Buffer.from(body))
    })
  }

  commit(body: CommitBody): Promise<CommitAnswer> {
    return this.act('commit', () => {
      const segments = body.segments.map((segment) => ({ take_id: segment.take_id, seq: segment.seq, ...this.judge(segment) }))
      this.ends.push(...body.ends)
      this.gaps.push(...body.gaps)
      return { segments }
    })
  }

  probe(): Promise<void> {
    return this.act('probe', () => undefined)
  }

  /** What is wrong with what is kept: chains with holes, bytes that do not match. Empty when all is well. */
  faults(): string[] {
    const found: string[] = []
    for (const [id, { segments }] of this.takes) {
      segments.forEach((segment, place) => {
        const bytes = this.objects.get(`/${id}/${segment.seq}-${segment.sha256}`)
        if (segment.seq !== place) found.push(`${id}: ${segment.seq} at ${place}`)
        if (bytes === undefined || createHash('sha256').update(bytes).digest('hex') !== segment.sha256) found.push(`${id}/${place}: bytes`)
        if (place > 0 && segment.previous !== segments[place - 1]?.sha256) found.push(`${id}/${place}: chain`)
      })
    }
    return found
  }

  private judge(segment: SegmentBody): { state: SegmentVerdict; expected_seq: number } {
    const chain = this.takes.get(segment.take_id)
    if (chain === undefined) return { state: 'unknown_take', expected_seq: 0 }
    const expected_seq = chain.segments.length
    const known = chain.segments[segment.seq]
    if (known !== undefined) return { state: known.sha256 === segment.sha256 ? 'kept' : 'conflict', expected_seq }
    if (segment.seq > expected_seq) return { state: 'out_of_order', expected_seq }
    if (segment.previous !== (chain.segments.at(-1)?.sha256 ?? '0'.repeat(64))) return { state: 'conflict', expected_seq }
    if (!this.objects.has(`/${segment.take_id}/${segment.seq}-${segment.sha256}`)) return { state: 'missing', expected_seq }
    chain.segments.push(segment)
    return { state: 'kept', expected_seq: expected_seq + 1 }
  }

  private async act<T>(what: string, how: () => T): Promise<T> {
    await Promise.resolve()
    if (this.isLoginLost) throw new LoginLost(what)
    this.before(what)
    const answer = how()
    this.after(what)
    return answer
  }
}

export const away = (what: string): never => {
  throw new Unreachable(what)
}
