import { feedForm, type FormAsked } from './feed-form'

const asked = (changes: Partial<FormAsked>) =>
  feedForm({
    path: '/apibinarymarketdata/socket.io',
    publishFormat: undefined,
    broadcastMode: undefined,
    jsonOnBinaryDoor: 'json',
    ...changes,
  })

describe('what a socket hears', () => {
  it.each([
    ['nothing asked', {}, { isPartial: false, hearsJson: false, hearsBinary: true }],
    ['Binary', { publishFormat: 'Binary' }, { isPartial: false, hearsJson: false, hearsBinary: true }],
    ['JSON', { publishFormat: 'JSON' }, { isPartial: false, hearsJson: true, hearsBinary: false }],
    ['json partial', { publishFormat: 'json', broadcastMode: 'partial' }, { isPartial: true, hearsJson: true, hearsBinary: false }],
    ['FULL', { publishFormat: 'JSON', broadcastMode: 'FULL' }, { isPartial: false, hearsJson: true, hearsBinary: false }],
    ['a format twice', { publishFormat: ['JSON', 'JSON'] }, { isPartial: false, hearsJson: false, hearsBinary: true }],
    ['a gateway that sends binary whatever is asked', { publishFormat: 'JSON', jsonOnBinaryDoor: 'binary' as const }, { isPartial: false, hearsJson: false, hearsBinary: true }],
    ['a gateway that sends both', { publishFormat: 'JSON', jsonOnBinaryDoor: 'both' as const }, { isPartial: false, hearsJson: true, hearsBinary: true }],
  ])('at the binary prefix: %s', (_, changes, expected) => {
    expect(asked(changes)).toEqual(expected)
  }) // prettier-ignore

  it.each([
    ['nothing asked', {}, { isPartial: false, hearsJson: true, hearsBinary: false }],
    ['Binary', { publishFormat: 'BINARY' }, { isPartial: false, hearsJson: false, hearsBinary: true }],
  ])('at the JSON prefix: %s', (_, changes, expected) => {
    expect(asked({ ...changes, path: '/apimarketdata/socket.io' })).toEqual(expected)
  })
})
