/** Texts of steps, with the parts that stay as they are, in Spanish. */
const SPANISH: readonly (readonly [text: RegExp, spanish: string])[] = [
  [/^sends to (\S+) through its default route$/, 'envía a $1 por su ruta por defecto'],
  [/^sends to (\S+) by (.+), from (\S+)$/, 'envía a $1 por $2, desde $3'],
  [/^answers (\S+) by (.+), from (\S+)$/, 'responde a $1 por $2, desde $3'],
  [/^sends to (\S+)$/, 'envía a $1'],
  [/^the switch hands it to the router$/, 'el switch lo entrega al router'],
  [/^the switch hands it to the host$/, 'el switch lo entrega al anfitrión'],
  [/^the switch hands it to (.+)$/s, 'el switch lo entrega a $1'],
  [/^routes it on (\S+) from (.+) to (.+)$/, 'en $1 lo enruta de $2 a $3'],
  [/^wraps it in (\S+) for (\S+), from (\S+) to (\S+)$/, 'lo envuelve en $1 para $2, de $3 a $4'],
  [/^wraps it in (\S+) for (\S+)$/, 'lo envuelve en $1 para $2'],
  [/^the next hop passes it on to (\S+)$/, 'el siguiente salto lo pasa a $1'],
  [/^answers (\S+)$/, 'responde a $1'],
  [/^the answer's source becomes (\S+) again$/, 'el origen de la respuesta vuelve a ser $1'],
  [/^OVN answers that (\S+) is (.+)$/, 'OVN responde que $1 es $2'],
  [/^OVN offers (\S+)$/, 'OVN ofrece $1'],
  [/^the router advertises itself$/, 'el router se anuncia'],
  [/^routes it from (.+) to (.+)$/, 'lo enruta de $1 a $2'],
  [/^no rule is about it: accepted$/, 'ninguna regla lo menciona: aceptado'],
  [/^accepted: (.+)$/s, 'aceptado: $1'],
  [/^rejected: (.*)$/s, 'rechazado: $1'],
  [/^dropped: (.*)$/s, 'descartado: $1'],
  [/^not certain: (.*)$/s, 'no es seguro: $1'],
  [/^the source becomes (\S+): (.+)$/s, 'el origen pasa a ser $1: $2'],
  [/^the receiver becomes (\S+) port (\d+): (.+)$/s, 'el destino pasa a ser $1, puerto $2: $3'],
  [/^the answer's receiver becomes (\S+) again$/, 'el destino de la respuesta vuelve a ser $1'],
  [/^asks everybody on its switch for an address$/, 'pide una dirección a todos los de su switch'],
  [/^asks everybody on its switch for routers$/, 'pregunta por routers a todos los de su switch'],
  [/^the network's dnsmasq offers an address$/, 'el dnsmasq de la red ofrece una dirección'],
  [/^the network's dnsmasq advertises the host as router$/, 'el dnsmasq de la red anuncia el anfitrión como router'],
  [/^arrives, from (.+)$/s, 'llega, desde $1'],
  [/^the answer arrives$/, 'llega la respuesta'],
];

/** Returns the text of a step in Spanish; one that is not known stays in English. */
export function spanishStep(text: string): string {
  const known = SPANISH.find(([english]) => english.test(text));
  return known === undefined ? text : text.replace(...known);
}
