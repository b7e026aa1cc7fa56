import { parentPort } from 'node:worker_threads'
import { ListBuilder } from './list-builder'
import type { WorkshopReply, WorkshopRequest, WorkshopWork } from './list-workshop'

/** The thread that builds one list: it does one request after the other and answers each that wants an answer. */
const builder = new ListBuilder()

parentPort?.on('message', (request: WorkshopRequest) => {
  const reply = answer(request)
  if (request.id !== 0) parentPort?.postMessage(reply)
})

function answer({ id, work }: WorkshopRequest): WorkshopReply {
  try {
    return { id, ok: true, value: perform(work) }
  } catch (error) {
    return { id, ok: false, problem: error instanceof Error ? error.message : String(error) }
  }
}

function perform(work: WorkshopWork): unknown {
  switch (work.kind) {
    case 'know':
      return builder.know(work.lastGood, work.marks)
    case 'begin':
      return builder.begin(work.segment)
    case 'bytes':
      return builder.addBytes(work.bytes)
    case 'end':
      return builder.end()
    case 'indices':
      return builder.addIndices(work.segment, work.indices)
    case 'check':
      return builder.check(work.list)
    case 'write':
      return builder.write(work.folder, work.meta)
    case 'compare':
      return builder.compare()
    case 'text':
      return builder.nextText(work.of)
    case 'rewind':
      return builder.rewind()
  }
}
