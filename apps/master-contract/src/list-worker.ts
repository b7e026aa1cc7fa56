import { parentPort } from 'node:worker_threads'
import { ListBuilder } from './list-builder'
import type { WorkshopReply, WorkshopRequest } from './list-workshop'

/** The thread that builds one list: it does one request after the other and answers each. */
const builder = new ListBuilder()

parentPort?.on('message', (request: WorkshopRequest) => {
  parentPort?.postMessage(answer(request))
})

function answer({ id, work }: WorkshopRequest): WorkshopReply {
  try {
    return { id, ok: true, value: perform(work) }
  } catch (error) {
    return { id, ok: false, problem: error instanceof Error ? error.message : String(error) }
  }
}

function perform(work: WorkshopRequest['work']): unknown {
  switch (work.kind) {
    case 'master':
      return builder.addMaster(work.text)
    case 'indices':
      return builder.addIndices(work.segment, work.indices)
    case 'finish':
      return builder.finish()
    case 'write':
      return builder.write(work.folder, work.meta)
  }
}
