/**
 * The manifest over the page's socket: questions go out with an id, answers come back with it. What gets no answer is asked over HTTP,
 * where the same service gives the same one. Source: S3.14
 */
import type { CommitAnswer, CommitBody } from '../model.ts'

/** The server would not have it, with the status that HTTP would have brought. */
export interface CommitRefusal {
  status: number
  code: string
}

/** null: no answer came this way. */
export type LineAnswer = CommitAnswer | CommitRefusal | null

type Answer = { type: 'committed'; id: string; segments: readonly CommitAnswer['segments'][number][]; stored_until_ms: CommitAnswer['stored_until_ms'] } | ({ type: 'commit_refused'; id: string } & CommitRefusal)

export class CommitLine {
  private readonly waiting = new Map<string, (answer: LineAnswer) => void>()
  /** Tells this page's questions from those of the page before a reload, whose answers may still come. */
  private readonly mark = crypto.randomUUID().slice(0, 8)
  private last = 0
  private readonly send: (message: CommitBody & { type: 'commit'; id: string }) => boolean

  /** send: over the socket; returns false while it is not open. */
  constructor(send: (message: CommitBody & { type: 'commit'; id: string }) => boolean) {
    this.send = send
  }

  readonly ask = (body: CommitBody): Promise<LineAnswer> => {
    const id = `${this.mark}-${(this.last += 1)}`
    return new Promise((resolve) => {
      this.waiting.set(id, resolve)
      if (!this.send({ type: 'commit', id, ...body })) this.settle(id, null)
    })
  }

  hear(message: Answer): void {
    if (message.type === 'commit_refused') this.settle(message.id, { status: message.status, code: message.code })
    else this.settle(message.id, { segments: [...message.segments], stored_until_ms: message.stored_until_ms ?? {} })
  }

  /** The socket is gone: nothing that was asked over it is answered any more. */
  drop(): void {
    for (const id of [...this.waiting.keys()]) this.settle(id, null)
  }

  private settle(id: string, answer: LineAnswer): void {
    this.waiting.get(id)?.(answer)
    this.waiting.delete(id)
  }
}
