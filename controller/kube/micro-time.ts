/** MicroTime, as Leases and Events want it: RFC 3339 with six digits after the second. A plain Date is refused by the server. */
export function microTime(date: Date): string {
  return `${date.toISOString().slice(0, -1)}000Z`;
}
