// Documents of any size, each large in one way.

const list = (size, make) => Array.from({ length: size }, (_, i) => make(i)).join('');
const address = (i) => `10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`;
const hex = (i) => (i & 255).toString(16).padStart(2, '0');
const mac = (i) => `52:54:00:${hex(i >> 16)}:${hex(i >> 8)}:${hex(i)}`;
const network = (content, attributes = '') => `<network${attributes}><name>n</name>${content}</network>`;
const subnet = (content) => network(`<bridge name='b'/><ip address='10.0.0.1' prefix='8'>${content}</ip>`);
const dns = (content) => network(`<dns>${content}</dns><ip address='10.0.0.1' prefix='8'/>`);

export const largeDocuments = {
  hosts: (size) => subnet(`<dhcp>${list(size, (i) => `<host mac='${mac(i)}' ip='${address(i + 2)}'/>`)}</dhcp>`),
  'equal hosts': (size) => subnet(`<dhcp>${"<host mac='52:54:00:00:00:01' ip='10.0.0.2'/>".repeat(size)}</dhcp>`),
  'DNS hosts': (size) => dns(list(size, (i) => `<host ip='${address(i)}'><hostname>h${i}</hostname></host>`)),
  'TXT records': (size) => dns(list(size, (i) => `<txt name='t${i}' value='v'/>`)),
  subnets: (size) => network(list(size, (i) => `<ip address='${address(i)}' prefix='32'/>`)),
  routes: (size) =>
    network(
      `<ip address='10.0.0.1' prefix='8'/>${list(size, (i) => `<route address='11${address(i).slice(2)}' prefix='32' gateway='10.0.0.2'/>`)}`,
    ),
  'port groups': (size) => network(list(size, (i) => `<portgroup name='p${i}'/>`)),
  'unknown elements': (size) => network('<x/>'.repeat(size)),
  'unknown elements of many names': (size) => network(list(size, (i) => `<x${i}/>`)),
  'unknown elements in a subnet': (size) => subnet('<x/>'.repeat(size)),
  'unknown attributes': (size) =>
    network(
      '',
      list(size, (i) => ` a${i}='1'`),
    ),
  namespaces: (size) =>
    network(
      '',
      list(size, (i) => ` xmlns:a${i}='urn:${i}'`),
    ),
  comments: (size) => network('<!--c-->'.repeat(size)),
  blanks: (size) => network(' '.repeat(size * 10)),
  lines: (size) => network('\n'.repeat(size * 10)),
  issues: (size) => subnet(`<dhcp>${"<host mac='zz' ip='10.0.0.300'/>".repeat(size)}</dhcp>`),
  'repeated elements': (size) => network("<bridge name='x'/>".repeat(size)),
  'text between elements': (size) => network('<title/>x'.repeat(size)),
  metadata: (size) => network(`<metadata>${"<a:b xmlns:a='urn:a'/>".repeat(size)}</metadata>`),
  'metadata of many namespaces': (size) =>
    network(`<metadata>${list(size, (i) => `<a:b xmlns:a='urn:${i}'/>`)}</metadata>`),
  'placeholders in a name': (size) => `<network><name>${'{{ '.repeat(size)}</name></network>`,
  entities: (size) => network(`<title>${'&amp;'.repeat(size)}</title>`),
};
