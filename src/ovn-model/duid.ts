/** The MAC address that a DUID of type 3 (link-layer address, Ethernet) is made of; nothing for any other. Source: RFC 8415, section 11.4. */
export const macOfDuid = (duid: string): string | undefined =>
  /^0?0:0?3:0?0:0?1:((?:[0-9a-f]{2}:){5}[0-9a-f]{2})$/i.exec(duid)?.[1]?.toLowerCase();
