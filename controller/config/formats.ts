import { isIP } from 'node:net';

/** The formats that the configuration's schema names, beyond what ajv knows. */
export const formats: Readonly<Record<string, (text: string) => boolean>> = {
  cidr(text) {
    const [base = '', length, ...rest] = text.split('/');
    const family = isIP(base);
    if (family === 0 || rest.length > 0) return false;
    return length === undefined || (/^\d{1,3}$/.test(length) && Number(length) <= (family === 4 ? 32 : 128));
  },
  /** A host name with `*`, or an address; no scheme, no port, no path. */
  'host-glob': (text) => isIP(text) !== 0 || /^[A-Za-z0-9*]([-A-Za-z0-9*_.]*[A-Za-z0-9*])?$/.test(text),
  /** Of a service: neither credentials nor a query, which would end up in every request. */
  'base-url': (text) => {
    const url = URL.parse(text);
    return url !== null && /^https?:$/.test(url.protocol) && !/[@?#]/.test(text);
  },
  'host-port': (text) =>
    /^(\[[0-9a-f:.]+\]|[-A-Za-z0-9.]*):\d{1,5}$/.test(text) && Number(text.split(':').at(-1)) <= 65_535,
};
