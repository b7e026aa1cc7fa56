import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readHousePlace } from './settings'
import { textTable } from './text-table'

describe('where xb looks for the house', () => {
  const place = (environment: Record<string, string>, isLive = false) =>
    readHousePlace(isLive, { ENV_FILE: '/dev/null', ...environment })

  it('is where npm start puts it, or npm run start:live', () => {
    expect(place({})).toEqual({ authEndpoint: 'tcp://127.0.0.1:5561', keysFolder: 'data/keys' })
    expect(place({}, true).keysFolder).toBe('data-live/keys')
  })

  it('follows a moved data folder, unless the keys were moved themselves', () => {
    expect(place({ DATA_DIR: '/srv/xts' }, true).keysFolder).toBe('/srv/xts/keys')
    expect(place({ DATA_DIR: '/srv/xts', KEYS_DIR: '/etc/keys' }).keysFolder).toBe('/etc/keys')
  })

  it('is read from the env file too', () => {
    const folder = mkdtempSync(join(tmpdir(), 'xb-'))
    const file = join(folder, '.env')
    writeFileSync(file, 'AUTH_REQUESTS_ENDPOINT=tcp://127.0.0.1:7001\n')
    expect(place({ ENV_FILE: file }).authEndpoint).toBe('tcp://127.0.0.1:7001')
    rmSync(folder, { recursive: true })
  })

  it('is refused when it is no endpoint', () => {
    expect(() => place({ AUTH_REQUESTS_ENDPOINT: '5561' })).toThrow('AUTH_REQUESTS_ENDPOINT: must be tcp://')
  })
})

describe('a table', () => {
  it('has aligned columns and no blanks at the ends', () => {
    expect(
      textTable(
        ['a', 'long'],
        [
          ['wide one', ''],
          ['x', 'y'],
        ],
      ),
    ).toBe('a         long\nwide one\nx         y\n')
  })

  it('is its headings alone when there are no rows', () => {
    expect(textTable(['a', 'b'], [])).toBe('a  b\n')
  })
})
