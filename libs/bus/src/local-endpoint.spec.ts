import { AppError } from '@xts-bridge/contracts'
import { assertLocalEndpoint, bindLocal, errnoOf, type BindableSocket } from './local-endpoint'

describe('assertLocalEndpoint', () => {
  it.each([
    'tcp://127.0.0.1:5562',
    'tcp://127.0.0.1:*',
    'tcp://127.8.0.255:1',
    'tcp://[::1]:5562',
    'tcp://localhost:5562',
    'ipc:///run/xts/orders',
    'ipc://@abstract',
  ])('lets %s pass', (endpoint) => {
    expect(() => assertLocalEndpoint(endpoint)).not.toThrow()
  })

  it.each([
    'tcp://*:5562',
    'tcp://0.0.0.0:5562',
    'tcp://10.0.0.5:5562',
    'tcp://192.168.1.127:5562',
    'tcp://[::]:5562',
    'tcp://eth0:5562',
    'tcp://127.0.0.1.example.com:5562',
    'tcp://127.0.0.256:5562',
    'tcp://localhost.example.com:5562',
    'tcp://127.0.0.1:5562;eth0:5562',
    'tcp://127.0.0.1',
    'tcp://127.0.0.1:port',
    'udp://127.0.0.1:5562',
    'ipc://',
    'inproc://orders',
    ' tcp://127.0.0.1:5562',
    'tcp://127.0.0.1:5562\n',
    '',
  ])('refuses %j', (endpoint) => {
    expect(() => assertLocalEndpoint(endpoint)).toThrow(new AppError('ENDPOINT_NOT_LOCAL', { endpoint }))
  })
})

function socketThatFails(error: Error): BindableSocket {
  return { lastEndpoint: null, bind: () => Promise.reject(error) }
}

describe('bindLocal', () => {
  it('gives the endpoint that was bound, by its address', async () => {
    const asked: string[] = []
    const socket = {
      lastEndpoint: 'tcp://127.0.0.1:40001',
      bind: async (address: string) => void asked.push(address),
    }
    await expect(bindLocal(socket, 'tcp://localhost:*', 'A_SETTING')).resolves.toBe('tcp://127.0.0.1:40001')
    expect(asked).toEqual(['tcp://127.0.0.1:*'])
  })

  it('asks nothing of the socket for an endpoint that is not local', async () => {
    const socket = socketThatFails(new Error('must not be asked'))
    await expect(bindLocal(socket, 'tcp://*:1', 'A_SETTING')).rejects.toMatchObject({
      code: 'ENDPOINT_NOT_LOCAL',
    })
  })

  it('names endpoint and setting when the endpoint is taken', async () => {
    const socket = socketThatFails(Object.assign(new Error('in use'), { code: 'EADDRINUSE' }))
    const bound = bindLocal(socket, 'tcp://127.0.0.1:5562', 'ORDERS_REQUESTS_ENDPOINT')
    await expect(bound).rejects.toBeInstanceOf(AppError)
    await expect(bound).rejects.toThrow(
      '"tcp://127.0.0.1:5562" is already in use; change ORDERS_REQUESTS_ENDPOINT',
    )
  })

  it('names endpoint and setting for any other failure too', async () => {
    const socket = socketThatFails(Object.assign(new Error('Permission denied'), { code: 'EACCES' }))
    await expect(bindLocal(socket, 'tcp://127.0.0.1:80', 'A_SETTING')).rejects.toThrow(
      /127\.0\.0\.1:80.*A_SETTING.*Permission denied/,
    )
  })
})

describe('errnoOf', () => {
  it.each([undefined, null, 'EAGAIN', new Error('no code'), { code: 11 }])('finds none in %j', (value) => {
    expect(errnoOf(value)).toBeUndefined()
  })

  it('finds it in an error of another realm, which is no instance of our Error', () => {
    expect(errnoOf({ code: 'EAGAIN' })).toBe('EAGAIN')
  })
})
