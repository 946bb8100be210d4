"""What the tests need, made where it is missing.

usage: seed.py catalog   the service catalog
       seed.py things    flavors, an image, a network, an external network with a router, an application credential, and a project with
                         a small quota; waits until a hypervisor is up; prints assignments
"""
import json
import sys
import time
import urllib.error
import urllib.request

KEYSTONE = 'http://127.0.0.1:5001/v3'
NOVA = 'http://127.0.0.1:8774/v2.1'
GLANCE = 'http://127.0.0.1:9292/v2'
NEUTRON = 'http://127.0.0.1:9696/v2.0'
SERVICES = {'placement': 'http://127.0.0.1:8778', 'image': 'http://127.0.0.1:9292', 'compute': NOVA, 'network': 'http://127.0.0.1:9696'}


def call(method, url, body=None, token=None, raw=None):
    headers = {'Accept': 'application/json', 'Content-Type': 'application/json' if raw is None else 'application/octet-stream'}
    if token:
        headers['X-Auth-Token'] = token
    data = raw if raw is not None else None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(url, data, headers, method=method), timeout=60) as answer:
        text = answer.read()
        return (json.loads(text) if text else None), answer.headers


def named(url, key, name):
    found = call('GET', url, token=TOKEN)[0][key]
    return next((thing['id'] for thing in found if thing['name'] == name), None)


def ensure(url, key, name, make):
    """The id of the thing of this name, which is made if there is none."""
    return named(url, key, name) or make()


def create(where, key, **fields):
    return call('POST', where, {key: fields}, TOKEN)[0][key]['id']


def log_in():
    user = {'name': 'admin', 'domain': {'id': 'default'}, 'password': 'admin'}
    auth = {'identity': {'methods': ['password'], 'password': {'user': user}},
            'scope': {'project': {'name': 'admin', 'domain': {'id': 'default'}}}}
    body, headers = call('POST', KEYSTONE + '/auth/tokens', {'auth': auth})
    return headers['X-Subject-Token'], body['token']['project']['id'], body['token']['user']['id']


def catalog():
    services = {service['type']: service['id'] for service in call('GET', KEYSTONE + '/services', token=TOKEN)[0]['services']}
    known = {(end['service_id'], end['interface']) for end in call('GET', KEYSTONE + '/endpoints', token=TOKEN)[0]['endpoints']}
    for kind, url in SERVICES.items():
        service = services.get(kind) or create(KEYSTONE + '/services', 'service', name=kind, type=kind)
        for interface in ('public', 'internal', 'admin'):
            if (service, interface) not in known:
                create(KEYSTONE + '/endpoints', 'endpoint', service_id=service, interface=interface, region_id='RegionOne', url=url)


def wait_for_hypervisor():
    for _ in range(240):
        try:
            if any(h['state'] == 'up' for h in call('GET', NOVA + '/os-hypervisors', token=TOKEN)[0]['hypervisors']):
                return
        except urllib.error.URLError:
            pass
        time.sleep(0.5)
    sys.exit('no hypervisor comes up')


def image():
    made = create_image()
    call('PUT', GLANCE + '/images/%s/file' % made, token=TOKEN, raw=b'x' * 1024)
    return made


def create_image():
    return call('POST', GLANCE + '/images', {'name': 'debian', 'disk_format': 'raw', 'container_format': 'bare'}, TOKEN)[0]['id']


def network():
    made = create(NEUTRON + '/networks', 'network', name='net')
    create(NEUTRON + '/subnets', 'subnet', network_id=made, name='net', cidr='10.8.0.0/22', ip_version=4)
    return made


def external_network():
    made = call('POST', NEUTRON + '/networks', {'network': {
        'name': 'public', 'router:external': True, 'provider:network_type': 'flat', 'provider:physical_network': 'public'}}, TOKEN)[0]
    create(NEUTRON + '/subnets', 'subnet', network_id=made['network']['id'], name='public', cidr='198.51.100.0/24', ip_version=4,
           enable_dhcp=False)
    return made['network']['id']


def router(external):
    made = create(NEUTRON + '/routers', 'router', name='router', external_gateway_info={'network_id': external})
    call('PUT', NEUTRON + '/routers/%s/add_router_interface' % made, {'subnet_id': named(NEUTRON + '/subnets', 'subnets', 'net')}, TOKEN)
    return made


def small_project(user):
    made = create(KEYSTONE + '/projects', 'project', name='small', domain_id='default')
    roles = {role['name']: role['id'] for role in call('GET', KEYSTONE + '/roles', token=TOKEN)[0]['roles']}
    call('PUT', KEYSTONE + '/projects/%s/users/%s/roles/%s' % (made, user, roles['admin']), token=TOKEN)
    call('PUT', NOVA + '/os-quota-sets/%s' % made, {'quota_set': {'instances': 1}}, TOKEN)
    return made


def credential(user):
    url = KEYSTONE + '/users/%s/application_credentials' % user
    return ensure(url, 'application_credentials', 'tests', lambda: create(
        url, 'application_credential', name='tests', secret='application-secret'))


def flavor(name, ram, cpus):
    return ensure(NOVA + '/flavors', 'flavors', name, lambda: create(
        NOVA + '/flavors', 'flavor', name=name, ram=ram, vcpus=cpus, disk=1))


def things():
    wait_for_hypervisor()
    flavor('m1.micado', 512, 1)
    flavor('m1.large', 4096, 4)
    names = {
        'ENDPOINT': KEYSTONE,
        'PROJECT_ID': PROJECT,
        'IMAGE_ID': ensure(GLANCE + '/images', 'images', 'debian', image),
        'NETWORK_ID': ensure(NEUTRON + '/networks', 'networks', 'net', network),
        'CREDENTIAL_ID': credential(USER),
        'SMALL_PROJECT_ID': ensure(KEYSTONE + '/projects', 'projects', 'small', lambda: small_project(USER)),
    }
    external = ensure(NEUTRON + '/networks', 'networks', 'public', external_network)
    ensure(NEUTRON + '/routers', 'routers', 'router', lambda: router(external))
    for name, value in names.items():
        print('export MICADO_OPENSTACK_%s=%s' % (name, value))


TOKEN, PROJECT, USER = log_in()
{'catalog': catalog, 'things': things}[sys.argv[1]]()
