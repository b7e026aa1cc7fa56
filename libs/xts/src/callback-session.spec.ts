import { readCallbackSession } from './callback-session'

const handed = { userID: 'ABC1234A02', accessToken: 'aB+/=9f0' }
const json = JSON.stringify(handed)

describe('what a browser login hands over', () => {
  it.each([
    ['as JSON', json],
    ['URL-encoded', encodeURIComponent(json)],
    ['URL-encoded twice', encodeURIComponent(encodeURIComponent(json))],
    ['JSON-encoded twice', JSON.stringify(json)],
    ['JSON-encoded twice and URL-encoded', encodeURIComponent(JSON.stringify(json))],
    ['everything twice', encodeURIComponent(encodeURIComponent(JSON.stringify(json)))],
    ['with blanks around it', `  ${json}\n`],
  ])('is read when it comes %s', (_, text) => {
    const session = { kind: 'access-token', accessToken: 'aB+/=9f0', userId: 'ABC1234A02' }
    expect(readCallbackSession(text)).toEqual(session)
  })

  it('may be a session that is open already', () => {
    const text = encodeURIComponent('{"token":"a.b.c","userID":"ABC1234A02","clientCodes":[]}')
    expect(readCallbackSession(text)).toEqual({ kind: 'token', token: 'a.b.c', userId: 'ABC1234A02' })
  })

  it('is an access token when both are there', () => {
    const text = '{"accessToken":"x","token":"a.b.c","userID":"U"}'
    expect(readCallbackSession(text)).toMatchObject({ kind: 'access-token', accessToken: 'x' })
  })

  it('gives the words of a broker that refuses', () => {
    const text = '{"type":"error","description":"User cancelled"}'
    expect(readCallbackSession(text)).toEqual({
      kind: 'unreadable',
      problem: 'the broker says: User cancelled',
    })
  })

  it.each([
    ['empty', '', 'the session is no JSON object'],
    ['blank', '   ', 'the session is no JSON object'],
    ['a word', 'undefined', 'the session is no JSON object'],
    ['a number', '17', 'the session is no JSON object'],
    ['null', 'null', 'the session is no JSON object'],
    ['a list', '[{"accessToken":"x"}]', 'the session is no JSON object'],
    ['cut', json.slice(0, -3), 'the session is no JSON object'],
    ['wrongly URL-encoded', '%7B%ZZ', 'the session is not URL-encoded as it should be'],
    ['without any token', '{"userID":"U"}', 'the session holds no token'],
    ['with an empty access token', '{"accessToken":"","userID":"U"}', 'the session holds no token'],
    ['with an access token that is a number', '{"accessToken":5}', 'accessToken is no token'],
    ['with a token of two lines', '{"token":"a\\r\\nX: y","userID":"U"}', 'token is no token'],
    ['with a token that has no user', '{"token":"a.b.c"}', 'the session holds a token without its userID'],
    ['far too long', `"${'x'.repeat(16_384)}"`, 'the session is 16386 characters long'],
    ['wrapped without end', wrapped(9), 'the session is no JSON object'],
  ])('is refused when it is %s', (_, text, problem) => {
    expect(readCallbackSession(text)).toEqual({ kind: 'unreadable', problem })
  })

  it('is never repeated in the refusal', () => {
    const answer = readCallbackSession('{"token":"secret-token-1"}')
    expect(JSON.stringify(answer)).not.toContain('secret-token-1')
  })
})

function wrapped(times: number): string {
  let text = json
  for (let layer = 0; layer < times; layer += 1) text = encodeURIComponent(text)
  return text
}
