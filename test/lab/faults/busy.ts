/** Users' requests a second of a busy day: twice the usual, for what only much traffic fills or wears out. */
export const busy = 8;
