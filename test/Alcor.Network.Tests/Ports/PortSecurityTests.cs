using Alcor.Kernel.Store;
using Alcor.Network.Ports;
using Alcor.Network.SecurityGroups;

namespace Alcor.Network.Tests;

/// <summary>Security groups, port security and allowed address pairs, as Neutron ties them together.</summary>
public sealed class PortSecurityTests
{
    private const string Unprotected = "\"port_security_enabled\": false";
    private const string Pair = "\"allowed_address_pairs\": [{\"ip_address\": \"192.0.2.0/24\"}]";
    private static readonly string DefaultGroup = DefaultSecurityGroup.IdOf("project");

    private readonly World world = new();

    [Fact]
    public async Task A_port_that_names_no_group_gets_the_default_group_of_its_project_which_is_made_with_it()
    {
        var network = await world.NetworkAsync();
        var bulk = await world.TryCreateAsync(Port.Type, World.PortJson(network), World.PortJson(network));
        Assert.All(bulk.Value.Answer, port => Assert.Equal([DefaultGroup], ((Port)port.Value).SecurityGroups));
        Assert.NotNull(await world.FindAsync(SecurityGroup.Type, DefaultGroup));
        Assert.Equal([DefaultGroup], (await world.PortAsync(network)).Value.SecurityGroups);
    }

    [Theory]
    [InlineData("\"security_groups\": []", "")]
    [InlineData("\"security_groups\": null", "")]
    [InlineData(Unprotected, "")]
    [InlineData("\"device_owner\": \"network:dhcp\"", "")]
    [InlineData(Pair, "default")]
    [InlineData("\"security_groups\": [\"00000000-0000-0000-0000-00000000000f\"]", "SecurityGroupNotFound")]
    [InlineData(Unprotected + ", \"security_groups\": [\"DEFAULT\"]", "PortSecurityAndIPRequiredForSecurityGroups")]
    [InlineData(Unprotected + ", " + Pair, "AddressPairAndPortSecurityRequired")]
    [InlineData("\"device_owner\": \"network:dhcp\", " + Pair, "AddressPairAndPortSecurityRequired")]
    [InlineData("\"allowed_address_pairs\": [{}]", "AllowedAddressPairsMissingIP")]
    [InlineData(
        "\"allowed_address_pairs\": [{\"ip_address\": \"192.0.2.1\"}, {\"ip_address\": \"192.0.2.1\"}]",
        "DuplicateAddressPairInRequest")]
    public async Task Groups_of_a_new_port(string more, string expected)
    {
        var network = await world.NetworkAsync();
        await world.PortAsync(network);
        var json = World.PortJson(network, more.Replace("DEFAULT", DefaultGroup, StringComparison.Ordinal));
        var result = await world.TryCreateAsync(Port.Type, json);
        var groups = result.IsOk ? ((Port)result.Value.Answer.Single().Value).SecurityGroups.OrEmpty() : [];
        Assert.Equal(expected, result.Error?.Type ?? (groups.IsEmpty ? "" : "default"));
    }

    [Theory]
    [InlineData("", Unprotected, "PortSecurityPortHasSecurityGroup")]
    [InlineData("", Unprotected + ", \"security_groups\": []", "")]
    [InlineData(Unprotected, "\"security_groups\": [\"DEFAULT\"]", "PortSecurityAndIPRequiredForSecurityGroups")]
    [InlineData(Unprotected, "\"port_security_enabled\": true, \"security_groups\": [\"DEFAULT\"]", "")]
    [InlineData(Unprotected, Pair, "AddressPairAndPortSecurityRequired")]
    [InlineData(Pair, Unprotected + ", \"security_groups\": []", "AddressPairAndPortSecurityRequired")]
    [InlineData(Pair, Unprotected + ", \"security_groups\": [], \"allowed_address_pairs\": []", "")]
    [InlineData("", "\"security_groups\": [\"00000000-0000-0000-0000-00000000000f\"]", "SecurityGroupNotFound")]
    public async Task Groups_of_a_port_that_changes(string before, string change, string expected)
    {
        var network = await world.NetworkAsync();
        await world.PortAsync(network);
        var port = await world.PortAsync(network, before);
        var json = change.Replace("DEFAULT", DefaultGroup, StringComparison.Ordinal);
        var result = await world.TryUpdateAsync(Port.Type, port.Value.Id, $"{{{json}}}");
        Assert.Equal(expected, result.Error?.Type ?? "");
    }

    [Fact]
    public async Task An_address_pair_without_a_mac_address_has_the_ports_and_texts_are_kept_as_they_came()
    {
        var network = await world.NetworkAsync();
        var port = await world.PortAsync(
            network,
            """
            "mac_address": "fa:16:3e:00:00:07",
            "allowed_address_pairs": [
                {"ip_address": "192.0.2.9/24"}, {"ip_address": "2001:db8::1", "mac_address": "FA:16:3E:00:00:08"}
            ]
            """);
        Assert.Equal(
            [new AddressPair("192.0.2.9/24", "fa:16:3e:00:00:07"), new AddressPair("2001:db8::1", "FA:16:3E:00:00:08")],
            port.Value.AddressPairs);
        var eleven = string.Join(", ", Enumerable.Range(1, 11).Select(i => $$"""{"ip_address": "192.0.2.{{i}}"}"""));
        var tooMany = await world.TryCreateAsync(
            Port.Type, World.PortJson(network, $"\"allowed_address_pairs\": [{eleven}]"));
        Assert.Equal(("AllowedAddressPairExhausted", 400), (tooMany.Error?.Type, tooMany.Error?.Status));
    }

    [Fact]
    public async Task A_group_that_a_port_is_in_is_referred_to_by_it()
    {
        var port = await world.PortAsync(await world.NetworkAsync());
        var referrers = await world.Store.ListAsync(
            ListQuery.To(SecurityGroup.Type.Key(DefaultGroup), Port.Type.Name), TestContext.Current.CancellationToken);
        Assert.Equal(port.Value.Id, referrers.Single().Key.Id);
    }
}
