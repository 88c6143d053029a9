import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runOrThrow } from '../../support/run.js';
import type { Daemon } from '../daemon.js';
import { Authority, type Certificate } from './certificates.js';
import { Relay } from './relay.js';

/** Ports on the loopback of a daemon's host. */
const PORTS = { tcp: 16_509, tls: 16_514, ssh: 2222 } as const;

/** The account that a daemon with SASL knows. */
export const ACCOUNT = { user: 'alice', password: 'correct horse, battery' } as const;

/** Where the plugins of SASL are, on the machine and in every tree. */
const PLUGINS = 'usr/lib/x86_64-linux-gnu/sasl2';

/** The ways to a daemon from elsewhere: TCP, TLS, accounts and ssh. They end with the daemon. */
export class RemoteAccess {
  readonly authority: Authority;
  /** The certificate of a client. */
  readonly client: Certificate;
  /** Folder of everything that clients need. */
  readonly folder: string;
  readonly #daemon: Daemon;
  readonly #relays: Relay[] = [];

  private constructor(daemon: Daemon) {
    this.#daemon = daemon;
    this.folder = join(daemon.dir, 'remote');
    this.authority = new Authority(join(this.folder, 'pki'), 'lab');
    this.client = this.authority.issue('client');
  }

  /** Opens the ports of a daemon, whose certificate is for `localhost`. */
  static open(daemon: Daemon): RemoteAccess {
    const remote = new RemoteAccess(daemon);
    remote.#installCertificate(remote.authority.issue('server', { names: ['DNS:localhost'] }));
    daemon.configure({
      listen_tcp: '1',
      listen_tls: '1',
      listen_addr: '"127.0.0.1"',
      auth_tcp: '"none"',
      auth_tls: '"none"',
      // Certificates that are wrong on purpose must not keep it from starting.
      tls_no_sanity_certificate: '1',
      ca_file: '"/etc/libvirt/pki/ca.pem"',
      cert_file: '"/etc/libvirt/pki/server.pem"',
      key_file: '"/etc/libvirt/pki/server.key"',
    });
    return remote;
  }

  /** Gives the daemon another certificate. */
  useCertificate(certificate: Certificate): void {
    this.#installCertificate(certificate);
    this.#daemon.restartLibvirt();
  }

  /** Makes a port of this machine lead to one of the daemon. @returns the port */
  async portTo(way: keyof typeof PORTS): Promise<number> {
    const relay = await Relay.to(this.#daemon.pid, PORTS[way]);
    this.#relays.push(relay);
    return relay.port;
  }

  /** Has the daemon ask for {@link ACCOUNT} over TLS. */
  askForAccount(mechanisms: string): void {
    const { root, dir } = this.#daemon;
    const settings = `mech_list: ${mechanisms}\\nsasldb_path: /etc/libvirt/passwd.db\\n`;
    this.#daemon.inside(`mkdir -p ${root}/etc/sasl2; printf '${settings}' > ${root}/etc/sasl2/libvirt.conf`);
    // Trees have the plugin that reads the accounts and no mechanisms.
    if (root !== '') this.#daemon.inside(`cp -P /${PLUGINS}/libscram.so* /${PLUGINS}/libplain.so* ${root}/${PLUGINS}/`);
    this.#daemon.inside(
      `printf '%s' '${ACCOUNT.password}' | saslpasswd2 -p -c -f ${dir}/etc/passwd.db -a libvirt ${ACCOUNT.user}`,
    );
    this.#daemon.configure({ auth_tls: '"sasl"' });
  }

  /** Has the daemon take everybody over TLS who has a certificate. */
  askForNothing(): void {
    this.#daemon.configure({ auth_tls: '"none"' });
  }

  /**
   * Starts sshd on the host.
   *
   * @returns parameters of a URI, by which ssh logs in as root
   */
  startSsh(): Ssh {
    return new Ssh(this.#daemon, join(this.folder, 'ssh'));
  }

  close(): void {
    for (const relay of this.#relays.splice(0)) relay.close();
  }

  #installCertificate({ cert, key }: Certificate): void {
    const folder = join(this.#daemon.dir, 'etc/pki');
    mkdirSync(folder, { recursive: true });
    const files = { 'ca.pem': this.authority.cert, 'server.pem': cert, 'server.key': key };
    for (const [name, file] of Object.entries(files)) writeFileSync(join(folder, name), readFileSync(file));
  }
}

/** An sshd on a daemon's host, and a client of it that has a configuration of its own. */
export class Ssh {
  /** The client; it runs on the daemon's host, whose loopback leads to sshd. */
  readonly client: string;
  /** The private key that sshd accepts. */
  readonly key: string;
  /** A private key that nobody has ever heard of. */
  readonly strangeKey: string;
  readonly port = PORTS.ssh;
  readonly #folder: string;

  constructor(daemon: Daemon, folder: string) {
    mkdirSync(folder, { recursive: true });
    this.#folder = folder;
    this.client = join(folder, 'ssh');
    this.key = this.#keyNamed('user');
    this.strangeKey = this.#keyNamed('stranger');
    const hostKey = this.#keyNamed('host');
    this.#write('authorized', readFileSync(`${this.key}.pub`, 'utf8'));
    this.#write('sshd_config', [
      ...[`HostKey ${hostKey}`, `AuthorizedKeysFile ${folder}/authorized`, `Port ${PORTS.ssh}`],
      ...['ListenAddress 127.0.0.1', 'PermitRootLogin yes', 'StrictModes no', 'UsePAM no', 'PidFile none'],
    ]);
    this.#write('config', [`UserKnownHostsFile ${folder}/known`, 'GlobalKnownHostsFile none', 'IdentitiesOnly yes']);
    this.#write('ssh', ['#!/bin/sh', `exec ${daemon.enter.join(' ')} /usr/bin/ssh -F ${folder}/config "$@"`], 0o755);
    this.know();
    // The host has no passwords, and an account without an entry here may count as locked.
    daemon.inside('mkdir -p /run/sshd; echo "root:none:1::::::" > /etc/shadow');
    daemon.inside(`exec /usr/sbin/sshd -f ${folder}/sshd_config -E ${folder}/log`);
  }

  /** Writes the host's key among those that the client knows. */
  know(): void {
    const key = readFileSync(join(this.#folder, 'host.pub'), 'utf8');
    this.#write('known', `[127.0.0.1]:${PORTS.ssh} ${key}`);
  }

  /** Takes the host's key out of those that the client knows. */
  forget(): void {
    this.#write('known', '');
  }

  /** A URI that reaches the daemon over ssh. */
  uri(more: Readonly<Record<string, string>> = {}): string {
    const query = Object.entries({ keyfile: this.key, command: this.client, ...more });
    const words = query.map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
    return `qemu+ssh://root@127.0.0.1:${PORTS.ssh}/system?${words.join('&')}`;
  }

  #keyNamed(name: string): string {
    const file = join(this.#folder, name);
    runOrThrow('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', file]);
    return file;
  }

  #write(name: string, content: string | readonly string[], mode = 0o600): void {
    const file = join(this.#folder, name);
    writeFileSync(file, typeof content === 'string' ? content : `${content.join('\n')}\n`);
    chmodSync(file, mode);
  }
}
