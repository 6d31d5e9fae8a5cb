#!/usr/bin/python3
"""Runs a Neutron of its own on a free port of the loopback address, of Debian's package neutron-server: a database and
a configuration in the folder that is the first argument, authenticated by the Keystone whose URL is the second one, as
the service user "alcor". There are no agents, and no broker of messages. Prints its port; it listens a while later."""
import os
import signal
import socket
import subprocess
import sys
import time

# What the plug-ins have to be for the extensions of the reference list.
SERVICES = ('auto_allocate,conntrack_helper,flavors,local_ip,log,metering,ndp_proxy,network_ip_availability,'
            'network_segment_range,port_forwarding,qos,router,segments,trunk')
DRIVERS = ('data_plane_status,dns_domain_ports,port_device_profile,port_numa_affinity_policy,port_security,qos,'
           'subnet_dns_publish_fixed_ip,tag_ports_during_bulk_creation,uplink_status_propagation')
CONFIGURATION = '''
[DEFAULT]
bind_host = 127.0.0.1
bind_port = {port}
state_path = {folder}
log_file = {folder}/neutron.log
api_paste_config = /etc/neutron/api-paste.ini
auth_strategy = keystone
core_plugin = ml2
service_plugins = {services}
transport_url = fake://
api_workers = 0
rpc_workers = 0
rpc_state_report_workers = 0
dhcp_agent_notification = false
notify_nova_on_port_status_changes = false
notify_nova_on_port_data_changes = false
[database]
connection = sqlite:///{folder}/neutron.db
[keystone_authtoken]
www_authenticate_uri = {keystone}
auth_url = {keystone}
auth_type = password
interface = public
region_name = RegionOne
username = alcor
password = alcor
project_name = service
user_domain_name = Default
project_domain_name = Default
[oslo_concurrency]
lock_path = {folder}
[ml2]
type_drivers = flat,vlan,vxlan,gre,geneve,local
tenant_network_types = vxlan
mechanism_drivers = openvswitch
extension_drivers = {drivers}
[ml2_type_flat]
flat_networks = *
[ml2_type_vlan]
network_vlan_ranges = physnet1:100:999
[ml2_type_vxlan]
vni_ranges = 1:1000
[ml2_type_gre]
tunnel_id_ranges = 1:1000
[ml2_type_geneve]
vni_ranges = 1:1000
'''
# The migrations are not for SQLite; the models say the same.
TABLES = '''
import sqlite3, sys
from neutron.db.migration.models import head
from sqlalchemy import create_engine
sqlite3.connect(sys.argv[1]).execute('pragma journal_mode=wal')
head.get_metadata().create_all(create_engine('sqlite:///' + sys.argv[1]))
'''


def free_port():
    with socket.socket() as any_port:
        any_port.bind(('127.0.0.1', 0))
        return any_port.getsockname()[1]


def run(command):
    """Tests that are killed stop nothing themselves, and what is asked to end must not leave it behind."""
    parent = os.getppid()
    with subprocess.Popen(command) as neutron:
        signal.signal(signal.SIGTERM, lambda *_: neutron.kill())
        while neutron.poll() is None and os.getppid() == parent:
            time.sleep(0.2)
        neutron.kill()


folder, keystone = sys.argv[1:]
port = free_port()
configuration = os.path.join(folder, 'neutron.conf')
with open(configuration, 'w', encoding='utf-8') as file:
    file.write(CONFIGURATION.format(port=port, folder=folder, keystone=keystone, services=SERVICES, drivers=DRIVERS))
subprocess.run([sys.executable, '-c', TABLES, os.path.join(folder, 'neutron.db')], check=True)
print(port, flush=True)
run(['/usr/bin/neutron-server', '--config-file', configuration])
