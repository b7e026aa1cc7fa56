/**
 * Stands before an object and writes down which of its methods were called, the ones it calls on itself too.
 * The object and its class are not touched: the clients are tested as they were published.
 */
export function watched(target) {
  const called = new Set()
  const before = new Proxy(target, {
    get(object, name, receiver) {
      const value = Reflect.get(object, name, receiver)
      if (typeof value !== 'function' || name === 'constructor') return value
      return function (...args) {
        called.add(String(name))
        return value.apply(this === receiver ? receiver : this, args)
      }
    },
  })
  return { client: before, called }
}

/** Every method a class declares, without its constructor and its accessors. */
export function methodsOf(type) {
  return Object.entries(Object.getOwnPropertyDescriptors(type.prototype))
    .filter(([name, { value }]) => name !== 'constructor' && typeof value === 'function')
    .map(([name]) => name)
    .sort()
}
