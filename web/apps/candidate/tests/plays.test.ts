// @vitest-environment jsdom
import { IDBFactory } from 'fake-indexeddb'
import { beforeEach, describe, expect, it, vi } from 'vitest'

import type * as Plays from '../src/sitting/plays.ts'
import { startServer, type TestServer } from './server.ts'

const SOUND = 'i3/media_01'
const FILM = 'i4/media_02'
let server: TestServer
let plays: typeof Plays

/** A fresh page that enters: over the same local storage, or over the empty one of another computer. */
async function openPage(isElsewhere = false, known = server.plays): Promise<void> {
  if (isElsewhere) vi.stubGlobal('indexedDB', new IDBFactory())
  vi.resetModules()
  plays = await import('../src/sitting/plays.ts')
  await plays.restorePlays('att_1', { ...known })
}

const until = (what: () => void | Promise<void>): Promise<void> => vi.waitFor(what, { timeout: 4_000, interval: 20 })
const settle = (): Promise<void> => until(() => expect(server.plays[SOUND] ?? 0).toBe(plays.playsOf(SOUND)))

beforeEach(async () => {
  vi.unstubAllGlobals()
  server = startServer()
  await openPage(true)
})

describe('plays', () => {
  it('are told to the server at once and stand at another computer', async () => {
    plays.countPlay(SOUND)
    await settle()
    plays.countPlay(SOUND)
    await settle()
    await openPage(true)
    expect([plays.playsOf(SOUND), plays.playsOf(FILM)]).toEqual([2, 0])
  })

  it('go on after a reload without a line', async () => {
    server.isAway = true
    plays.countPlay(SOUND)
    await until(() => expect(server.requests).toEqual(['/api/sit/plays']))
    await openPage(false, {})
    expect(plays.playsOf(SOUND)).toBe(1)
  })

  it('are told when the line is back', async () => {
    server.isAway = true
    plays.countPlay(SOUND)
    plays.countPlay(FILM)
    await until(() => expect(server.requests).toHaveLength(1))
    expect(server.plays).toEqual({})
    server.isAway = false
    await until(async () => {
      await plays.tellPlays()
      expect(server.plays).toEqual({ [SOUND]: 1, [FILM]: 1 })
    })
  })

  it('of several counts the greater wins, here and there', async () => {
    server.isAway = true
    plays.countPlay(SOUND)
    plays.countPlay(SOUND)
    await until(() => expect(server.requests).toHaveLength(1))
    server.isAway = false
    server.plays = { [SOUND]: 1, [FILM]: 3 }
    await openPage()
    await plays.tellPlays()
    expect([plays.playsOf(SOUND), plays.playsOf(FILM)]).toEqual([2, 3])
    expect(server.plays).toEqual({ [SOUND]: 2, [FILM]: 3 })
  })

  it('that the server knows are not told again', async () => {
    server.plays = { [SOUND]: 2 }
    await openPage(true)
    await plays.tellPlays()
    expect(server.requests).toEqual([])
  })

  it('of another attempt begin at nothing', async () => {
    plays.countPlay(SOUND)
    await settle()
    await plays.restorePlays('att_2')
    expect(plays.playsOf(SOUND)).toBe(0)
  })
})
