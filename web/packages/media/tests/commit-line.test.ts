import { describe, expect, it } from 'vitest'

import type { CommitBody } from '../src/model.ts'
import { CommitLine } from '../src/sending/commit-line.ts'

const NOTHING: CommitBody = { segments: [], ends: [], gaps: [] }
const KEPT = [{ take_id: 'take_a', seq: 0, state: 'kept' as const, expected_seq: 1 }]

function open(isOpen = true): { line: CommitLine; sent: { id: string }[] } {
  const sent: { id: string }[] = []
  const line = new CommitLine((message) => isOpen && sent.push(message) > 0)
  return { line, sent }
}

describe('commits over the socket', () => {
  it('gives each question its own answer, in whatever order they come', async () => {
    const { line, sent } = open()
    const [first, second] = [line.ask(NOTHING), line.ask(NOTHING)]
    line.hear({ type: 'commit_refused', id: sent[1]?.id ?? '', status: 503, code: 'recording.store_unavailable' })
    line.hear({ type: 'committed', id: sent[0]?.id ?? '', segments: KEPT, stored_until_ms: { camera: 7 } })
    expect(await first).toEqual({ segments: KEPT, stored_until_ms: { camera: 7 } })
    expect(await second).toEqual({ status: 503, code: 'recording.store_unavailable' })
  })

  it('says that no answer comes when the socket is closed, or closes', async () => {
    expect(await open(false).line.ask(NOTHING)).toBeNull()
    const { line } = open()
    const asked = line.ask(NOTHING)
    line.drop()
    expect(await asked).toBeNull()
  })

  it('passes over an answer to a question of another page', async () => {
    const { line, sent } = open()
    const asked = line.ask(NOTHING)
    expect(open().sent.map(({ id }) => id)).not.toContain(sent[0]?.id)
    line.hear({ type: 'committed', id: 'deadbeef-1', segments: KEPT, stored_until_ms: {} })
    line.hear({ type: 'committed', id: sent[0]?.id ?? '', segments: [], stored_until_ms: {} })
    expect(await asked).toEqual({ segments: [], stored_until_ms: {} })
  })
})
