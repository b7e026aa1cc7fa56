import { ListBuilder } from '../list-builder'
import type { Workshop } from '../refresh-instruments'

/** The builder without its thread. */
export function inProcessWorkshop(): Workshop {
  const builder = new ListBuilder()
  return {
    addMaster: async (text) => builder.addMaster(text),
    addIndices: async (segment, indices) => builder.addIndices(segment, indices),
    finish: async () => builder.finish(),
    write: async (folder, meta) => builder.write(folder, meta),
    close: async () => undefined,
  }
}
