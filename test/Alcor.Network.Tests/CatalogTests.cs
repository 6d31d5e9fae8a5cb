using System.Collections.Immutable;
using System.Reflection;
using System.Text.Json;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.AddressGroups;
using Alcor.Network.AddressScopes;
using Alcor.Network.Flavors;
using Alcor.Network.Logs;
using Alcor.Network.Metering;
using Alcor.Network.Nodes;
using Alcor.Network.Qos;
using Alcor.Network.Quotas;
using Alcor.Network.Segments;
using Alcor.Network.SecurityGroups;
using Alcor.Network.Sharing;
using Alcor.Network.SubnetPools;
using Alcor.Network.Subnets;
using Alcor.Network.Trunks;

namespace Alcor.Network.Tests;

/// <summary>A resource type that misses a step of docs/adding-a-resource.md fails here.</summary>
public sealed class CatalogTests
{
    private static readonly IReadOnlyList<IResourceCommands> Commands =
        [.. NetworkCatalog.Commands(new NetworkSettings()), .. NetworkCatalog.Native];

    private static readonly IReadOnlyList<IResourceType> Shown =
        [.. Commands.Select(commands => commands.Type), .. NetworkCatalog.ReadOnly];

    public static TheoryData<string> ShownTypes => [.. Shown.Select(type => type.Name)];

    [Fact]
    public void Every_resource_type_that_is_declared_is_in_the_catalog()
    {
        var declared = typeof(NetworkCatalog).Assembly.GetTypes()
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(field => field.FieldType.IsAssignableTo(typeof(IResourceType)))
            .Select(field => ((IResourceType)field.GetValue(null)!).Name);
        var known = NetworkCatalog.Types.Types.Concat(NetworkCatalog.Derived);
        Assert.Equal(declared.Order(), known.Select(type => type.Name).Order());
    }

    [Fact]
    public void Every_attribute_that_is_declared_belongs_to_its_type()
    {
        var classes = typeof(NetworkCatalog).Assembly.GetTypes()
            .Where(type => type.Name.EndsWith("Attributes", StringComparison.Ordinal));
        var declared = classes
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public))
            .Where(field => field.FieldType.IsAssignableTo(typeof(IAttribute)))
            .Select(field => (IAttribute)field.GetValue(null)!)
            .ToHashSet();
        Assert.NotEmpty(declared);
        Assert.Superset(declared, Shown.Concat(NetworkCatalog.Derived).SelectMany(type => type.Attributes).ToHashSet());
    }

    [Theory]
    [MemberData(nameof(ShownTypes))]
    public void A_type_that_the_api_shows_has_named_described_attributes_and_an_id(string name)
    {
        var attributes = NetworkCatalog.Types[name].Attributes;
        Assert.Contains(attributes, attribute => attribute.Name == "id");
        Assert.Equal(attributes.Count, attributes.Select(attribute => attribute.Name).Distinct().Count());
        Assert.All(attributes, attribute => Assert.EndsWith(".", attribute.Description));
        Assert.All(attributes, attribute => Assert.NotEmpty(attribute.Describe()));
    }

    [Theory]
    [MemberData(nameof(ShownTypes))]
    public void What_a_type_is_listed_by_is_one_of_its_attributes(string name)
    {
        var type = NetworkCatalog.Types[name];
        var attributes = type.Attributes.Select(attribute => attribute.Name).ToHashSet();
        var listedBy = type.Indexes.Concat(type.ListedByReference.Select(one => one.Attribute));
        Assert.Subset(attributes, listedBy.Select(one => one.Split('.')[0]).ToHashSet());
    }

    /// <summary>Under each value that its type says it is listed by; what is not shown has no attributes.</summary>
    private static void AssertListed(IResourceType type, Stamped<object> resource, Write write)
    {
        foreach (var (attribute, target) in type.ListedByReference)
        {
            foreach (var id in TextsOf(attribute).Where(id => id.Length > 0))
                Assert.Contains(new ResourceKey(target, id), write.References);
        }
        foreach (var index in type.Indexes)
        {
            foreach (var value in TextsOf(index).Where(value => value.Length > 0))
                Assert.Contains(type.Entry(index, value), write.Index);
        }
        if (type.HasVisibility)
            Assert.Contains(write.Index, entry => entry.Name == type.Entry(Visibility.Index, "").Name);

        IEnumerable<string> TextsOf(string listedBy)
        {
            var (name, member) = listedBy.Split('.') is [var of, var part] ? (of, $"{part}=") : (listedBy, "");
            var texts = type.Attributes.SingleOrDefault(attribute => attribute.Name == name)?.FilterTexts(resource);
            return (texts ?? []).Where(text => text.StartsWith(member, StringComparison.Ordinal))
                .Select(text => text[member.Length..]);
        }
    }

    private static async Task RouterByFlavorAsync(World world)
    {
        var profile = (await world.CreateAsync(ServiceProfile.Type, """{"driver": "alcor"}""")).Value.Id;
        var flavor = await world.CreateAsync(
            Flavor.Type, $$"""{"service_type": "L3_ROUTER_NAT", "service_profiles": ["{{profile}}"]}""");
        await world.RouterAsync(
            $$"""{"flavor_id": "{{flavor.Value.Id}}", "availability_zone_hints": ["nova"]}""");
    }

    private static async Task TrunkAsync(World world, string network)
    {
        var parent = (await world.PortAsync(network)).Value.Id;
        var carried = (await world.PortAsync(network)).Value.Id;
        await world.CreateAsync(
            Trunk.Type,
            $$"""
            {"port_id": "{{parent}}",
             "sub_ports": [{"port_id": "{{carried}}", "segmentation_type": "vlan", "segmentation_id": 5}]}
            """);
    }

    [Fact]
    public async Task Every_stored_resource_is_read_back_as_it_was()
    {
        var world = new World();
        await world.NodeAsync("alpha", "192.0.2.1");
        await world.RunAsync(new ConnectAgent(
            new AgentSession("alpha", "first"),
            Guid.Empty.ToString(),
            ImmutableSortedDictionary<string, string>.Empty));
        await world.RunAsync(new EnsureDefaultSecurityGroup("project"));
        await world.RunAsync(new SetQuota("project", new Dictionary<string, long> { ["port"] = 0 }));
        await world.CreateAsync(AddressGroup.Type, """{"addresses": ["10.0.0.0/8"]}""");
        await world.CreateAsync(
            NetworkSegmentRange.Type, """{"network_type": "vxlan", "minimum": 5, "maximum": 9, "shared": false}""");
        var network = (await world.CreateAsync(
            Networks.Network.Type, """{"shared": true, "router:external": true, "is_default": true}""")).Value.Id;
        var scope = (await world.CreateAsync(AddressScope.Type, """{"ip_version": 6, "shared": true}""")).Value.Id;
        await world.CreateAsync(
            SubnetPool.Type,
            $$"""{"name": "p", "prefixes": ["fd00::/48"], "is_default": true, "address_scope_id": "{{scope}}"}""");
        await world.CreateAsync(
            Subnet.Type, World.PortJson(network, "\"ip_version\": 6, \"use_default_subnetpool\": true"));
        await world.SubnetAsync(
            network,
            "10.0.0.0/24",
            """
            "dns_nameservers": ["192.0.2.53"],
            "host_routes": [{"destination": "10.9.0.0/16", "nexthop": "10.0.0.9"}]
            """);
        var share = $$"""{"object_type": "network", "object_id": "{{network}}", "action": "access_as_shared", """
            + """ "target_tenant": "other"}""";
        await world.CreateAsync(RbacPolicy.Type, share);
        await world.PortAsync(network, """ "binding:host_id": "alpha", "binding:profile": {"a": [1, null]} """);
        await world.CreateAsync(QosPolicy.Type, """{"shared": true, "is_default": true}""");
        var policy = await world.CreateAsync(QosPolicy.Type, "{}");
        await RouterByFlavorAsync(world);
        Assert.Null((await world.TopologyAsync()).Error);
        await world.OneOfEachNativeAsync(network);
        await world.OneOfEachAsync();
        await world.NdpProxyAsync();
        var target = (await world.PortAsync(network)).Value.Id;
        await world.CreateAsync(
            Log.Type, $$"""{"resource_type": "security_group", "target_id": "{{target}}", "event": "DROP"}""");
        var label = (await world.CreateAsync(MeteringLabel.Type, """{"name": "l"}""")).Value.Id;
        await world.CreateAsync(
            MeteringLabelRule.Type,
            $$"""{"metering_label_id": "{{label}}", "direction": "egress", "source_ip_prefix": "10.0.0.7"}""");
        await TrunkAsync(world, network);
        foreach (var commands in QosRuleTypes.Commands)
        {
            var value = commands.Type.Attributes[1].Name;
            await world.TryCreateAsync(commands.Type, $$"""{"policy_id": "{{policy.Value.Id}}", "{{value}}": 8}""");
        }
        foreach (var type in NetworkCatalog.Types.Types)
        {
            var stored = await world.Store.ListAsync(ListQuery.All(type.Name), TestContext.Current.CancellationToken);
            Assert.NotEmpty(stored);
            foreach (var value in stored.Select(resource => resource.Value))
            {
                var write = type.ToWrite(type.Decode(value));
                Assert.Equal(value.ToArray(), write.Value!.Value.ToArray());
                AssertListed(type, new Stamped<object>(type.Decode(value), 1), write);
                using var document = JsonDocument.Parse(value);
                Assert.Equal(JsonValueKind.Object, document.RootElement.ValueKind);
            }
        }
    }

    [Fact]
    public void Each_type_has_commands_at_most_once_and_is_in_the_catalog()
    {
        var types = Commands.Select(commands => commands.Type).Concat(NetworkCatalog.ReadOnly).ToList();
        Assert.Equal(types.Distinct(), types);
        Assert.All(types, type => Assert.Same(type, NetworkCatalog.Types[type.Name]));
    }
}
