import { ListBuilder, type TextKind } from '../list-builder'
import type { Workshop } from '../workshop'

/** The builder without its thread. */
export function inProcessWorkshop(): Workshop {
  const builder = new ListBuilder()
  return {
    know: (lastGood, marks) => builder.know(lastGood, marks),
    begin: (segment) => builder.begin(segment),
    addBytes: (bytes) => builder.addBytes(bytes),
    endMaster: async () => builder.end(),
    addIndices: async (segment, indices) => builder.addIndices(segment, indices),
    check: async (list) => builder.check(list),
    write: async (folder, meta) => builder.write(folder, meta),
    compare: async () => builder.compare(),
    texts: (kind) => textsOf(builder, kind),
    rewind: () => builder.rewind(),
    close: async () => undefined,
  }
}

async function* textsOf(builder: ListBuilder, kind: TextKind): AsyncGenerator<string> {
  for (let text = builder.nextText(kind); text !== undefined; text = builder.nextText(kind))
    yield await Promise.resolve(text)
}
