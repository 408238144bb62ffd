import { expect, it } from 'vitest'

import { readServerMessage } from '../src/index.ts'

it('reads known messages', () => {
  expect(readServerMessage('{"type":"time","server_time":"2025-11-22T01:00:00Z"}')).toMatchObject({ type: 'time' })
})

it.each(['', 'null', '[]', '{}', '{"type":7}', '{"type":"unheard_of"}', new ArrayBuffer(2)])('lets %s pass by', (frame) => {
  expect(readServerMessage(frame)).toBeNull()
})
