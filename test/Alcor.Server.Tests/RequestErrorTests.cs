using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Alcor.Server.Tests;

/// <summary>Requests that are wrong by themselves: each is a 400 that names what is wrong, and none is a 500.</summary>
public sealed class RequestErrorTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Theory]
    [InlineData("", "Resource body required")]
    [InlineData("{", "Line 1, byte 2")]
    [InlineData("{\"network\":\n{\"name\":}}", "Line 2, byte 9")]
    [InlineData("""{"network": {}} {}""", "Line 1, byte 17")]
    [InlineData("""{"network": {"name": "a", "name": "b"}}""", "name")]
    [InlineData("""{"network": {}, "network": {}}""", "network")]
    [InlineData("""{"network": {"name": "\ud800"}}""", "half a character")]
    [InlineData("""{"network": {"\udc00": 1}}""", "half a character")]
    public async Task Malformed_json_is_refused_with_the_place(string body, string reason) =>
        Assert.Contains(reason, (await server.PostAsync("/v2.0/networks", body)).Error(400), StringComparison.Ordinal);

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"port": {}}""")]
    [InlineData("""{"name": "x"}""")]
    public async Task Another_envelope_is_refused(string body)
    {
        const string expected = "Unable to find 'network' in request body";
        var create = await server.PostAsync("/v2.0/networks", body);
        Assert.StartsWith(expected, create.Error(400), StringComparison.Ordinal);
        var update = await server.PutAsync("/v2.0/networks/x", body);
        Assert.StartsWith(expected, update.Error(400), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_update_is_of_one() =>
        Assert.Contains(
            "Unable to find 'network'",
            (await server.PutAsync("/v2.0/networks/x", """{"networks": [{}]}""")).Error(400),
            StringComparison.Ordinal);

    [Fact]
    public async Task Bytes_that_are_not_text_are_refused()
    {
        using var content = new ByteArrayContent([.. "{\"network\": {\"name\": \""u8, 0xff, 0xfe, .. "\"}}"u8]);
        using var response = await server.Http.PostAsync(
            "/v2.0/networks", content, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Theory]
    [InlineData("ports", "{}", "Required attribute 'network_id' not specified")]
    [InlineData("ports", """{"network_id": null}""", "Invalid input for network_id")]
    [InlineData("ports", """{"network_id": "x"}""", "Invalid input for network_id. Reason: 'x' is not a valid UUID.")]
    [InlineData("ports", """{"network_id": 5}""", "Invalid input for network_id")]
    [InlineData("ports", """{"foo": 1}""", "Unrecognized attribute(s) 'foo'")]
    [InlineData("ports", """{"foo": 1, "bar": 2}""", "Unrecognized attribute(s) 'bar, foo'")]
    [InlineData("ports", """{"id": "x"}""", "Attribute 'id' not allowed in POST")]
    [InlineData("ports", """{"status": "ACTIVE"}""", "Attribute 'status' not allowed in POST")]
    [InlineData("ports", """{"revision_number": 1}""", "Attribute 'revision_number' not allowed in POST")]
    [InlineData("ports", """{"mac_address": "01:00:00:00:00:01"}""", "Invalid input for mac_address. Reason: '01:00:")]
    [InlineData("ports", """{"fixed_ips": {}}""", "Invalid input for fixed_ips. Reason: '{}' is not a list.")]
    [InlineData(
        "ports",
        """{"fixed_ips": [{"ip_address": "10.0.0.9"}, {"ip_address": "10.0.0.9"}]}""",
        "Invalid input for fixed_ips. Reason: Duplicate IP address '10.0.0.9'.")]
    [InlineData("ports", """{"fixed_ips": null}""", "Invalid input for fixed_ips. Reason: Invalid data format")]
    [InlineData("ports", """{"security_groups": ["x"]}""", "Invalid input for security_groups. Reason: 'x'")]
    [InlineData("ports", """{"extra_dhcp_opts": [{"opt_name": "a"}]}""", "Invalid input for extra_dhcp_opts")]
    [InlineData("ports", """{"allowed_address_pairs": ["x"]}""", "Invalid input for allowed_address_pairs")]
    [InlineData("ports", """{"allowed_address_pairs": [{"b": 1}]}""", "Invalid input for allowed_address_pairs")]
    [InlineData("ports", """{"allowed_address_pairs": [{"ip_address": "1/2/3"}]}""", "is not a valid IP address or")]
    [InlineData("ports", """{"dns_name": "-a"}""", "Name '-a' must not start or end with a hyphen.")]
    [InlineData("ports", """{"dns_domain": "a"}""", "Invalid input for dns_domain. Reason: 'a' is not a FQDN.")]
    [InlineData("ports", """{"dns_name": "a..b"}""", "Encountered an empty component")]
    [InlineData("ports", """{"dns_name": "a.1"}""", "TLD '1' must not be all numeric")]
    [InlineData("floatingips", """{"dns_name": "a."}""", "'a.' is a FQDN. It should be a relative domain name.")]
    [InlineData("floatingips", """{"dns_domain": "a_b."}""", "Name 'a_b' must be 1-63 characters long, each of which")]
    [InlineData("ports", """{"tags": ["a", "a"]}""", "Invalid input for tags. Reason: Duplicate items in the list")]
    [InlineData("ports", """{"data_plane_status": "ACTIVE"}""", "'data_plane_status' not allowed in POST")]
    [InlineData("ports", """{"fixed_ips": [{"ip_address": "10.0.0.256"}]}""", "Invalid input for fixed_ips")]
    [InlineData("subnets", """{"cidr": "10.0.0.0"}""", "Invalid input for cidr")]
    [InlineData("ports", """{"binding:profile": []}""", "Invalid input for binding:profile. Reason: '[]'")]
    [InlineData("ports", """{"binding:vnic_type": "antenna"}""", "Invalid input for binding:vnic_type")]
    [InlineData(
        "networks",
        """{"mtu": -1}""",
        "Invalid input for mtu. Reason: '-1' is too small - must be at least '0'.")]
    [InlineData("networks", """{"name": 5}""", "Invalid input for name. Reason: '5' is not a valid string.")]
    [InlineData("subnets", """{"cidr": "10.0.0.1"}""", "Invalid input for cidr")]
    [InlineData("subnets", """{"ip_version": 5}""", "Invalid input for ip_version")]
    [InlineData("subnets", """{"gateway_ip": ""}""", "Invalid input for gateway_ip")]
    [InlineData("subnets", """{"allocation_pools": [{"start": "10.0.0.1"}]}""", "Invalid input for allocation_pools")]
    [InlineData("subnets", """{"host_routes": [5]}""", "Invalid input for host_routes")]
    public async Task A_wrong_attribute_is_named(string collection, string attributes, string message)
    {
        var answer = await server.PostAsync($"/v2.0/{collection}", $$"""{"{{collection[..^1]}}": {{attributes}}}""");
        Assert.Contains(message, answer.Error(400, "HTTPBadRequest"), StringComparison.Ordinal);
    }

    /// <summary>What Neutron fails to convert is another error than what it converts and does not accept.</summary>
    [Theory]
    [InlineData("ports", """{"admin_state_up": "maybe"}""", "admin_state_up", "'maybe' cannot be converted to boolean")]
    [InlineData("ports", """{"admin_state_up": null}""", "admin_state_up", "'None' cannot be converted to boolean")]
    [InlineData("ports", """{"admin_state_up": [true]}""", "admin_state_up", "'[true]' cannot be converted to boolean")]
    [InlineData("ports", """{"port_security_enabled": 2}""", "port_security_enabled", "'2' cannot be converted to")]
    [InlineData("ports", """{"dns_name": 5}""", "dns_name", "Input value 5 must be string type")]
    [InlineData("networks", """{"shared": "maybe"}""", "shared", "'maybe' cannot be converted to boolean")]
    [InlineData("networks", """{"mtu": 1.5}""", "mtu", "'1.5' is not an integer")]
    [InlineData("networks", """{"mtu": 1e400}""", "mtu", "is not an integer")]
    [InlineData("networks", """{"mtu": "many"}""", "mtu", "'many' is not an integer")]
    [InlineData("networks", """{"provider:segmentation_id": "x"}""", "provider:segmentation_id", "'x' is not an")]
    [InlineData("subnets", """{"ip_version": "four"}""", "ip_version", "'four' is not an integer")]
    [InlineData("subnets", """{"ip_version": null}""", "ip_version", "'None' is not an integer")]
    [InlineData("subnets", """{"prefixlen": "x"}""", "prefixlen", "'x' is not an integer")]
    [InlineData("subnets", """{"enable_dhcp": "on"}""", "enable_dhcp", "'on' cannot be converted to boolean")]
    [InlineData("subnets", """{"cidr": "fd00::/129"}""", "cidr", "fd00::/129 is not in a CIDR format")]
    [InlineData("subnets", """{"cidr": "10.0.0.256/24"}""", "cidr", "10.0.0.256/24 is not in a CIDR format")]
    [InlineData("subnets", """{"cidr": null}""", "cidr", "None is not in a CIDR format")]
    [InlineData("subnetpools", """{"min_prefixlen": "x"}""", "min_prefixlen", "'x' is not an integer")]
    [InlineData("address-scopes", """{"name": "s", "ip_version": "x"}""", "ip_version", "'x' is not an integer")]
    [InlineData("routers", """{"distributed": "maybe"}""", "distributed", "'maybe' cannot be converted to boolean")]
    public async Task A_value_of_another_kind_is_an_invalid_input(
        string collection, string attributes, string attribute, string message)
    {
        var single = collection[..^1].Replace('-', '_');
        var answer = await server.PostAsync($"/v2.0/{collection}", $$"""{"{{single}}": {{attributes}}}""");
        Assert.StartsWith("Invalid input for operation: ", answer.Error(400, "InvalidInput"), StringComparison.Ordinal);
        Assert.Contains(message, answer.Error(400), StringComparison.Ordinal);
        Assert.Equal($"Attribute '{attribute}'.", (string?)answer["NeutronError"]["detail"]);
    }

    [Theory]
    [InlineData("""{"protocol": "telepathy", "port": 21, "helper": "ftp"}""", "InvalidInput", "protocol 'telepathy'")]
    [InlineData("""{"protocol": "esp", "port": 21, "helper": "ftp"}""", "HTTPBadRequest", "'esp' is not in ['dccp', ")]
    [InlineData("""{"protocol": "tcp", "port": "x", "helper": "ftp"}""", "InvalidInput", "'x' is not an integer")]
    [InlineData("""{"protocol": "tcp", "port": 70000, "helper": "ftp"}""", "HTTPBadRequest", "'70000' is too large")]
    public async Task A_protocol_or_a_port_that_is_none_is_told_from_one_that_is_not_allowed(
        string helper, string type, string message)
    {
        var router = (await server.PostAsync("/v2.0/routers", """{"router": {}}""")).Is(201)["router"]["id"];
        var answer = await server.PostAsync(
            $"/v2.0/routers/{router}/conntrack_helpers", $$"""{"conntrack_helper": {{helper}}}""");
        Assert.Contains(message, answer.Error(400, type), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deletion_has_no_body()
    {
        var id = await server.CreateNetworkAsync();
        var answer = await server.SendAsync(HttpMethod.Delete, $"/v2.0/networks/{id}", "{}");
        Assert.Equal("Request body is not supported in DELETE.", answer.Error(400, "HTTPBadRequest"));
        (await server.DeleteAsync($"/v2.0/networks/{id}")).Is(204);
    }

    [Theory]
    [InlineData("id")]
    [InlineData("project_id")]
    [InlineData("tenant_id")]
    [InlineData("status")]
    [InlineData("created_at")]
    public async Task A_read_only_attribute_is_not_updated(string name)
    {
        var id = await server.CreateNetworkAsync();
        var answer = await server.PutAsync($"/v2.0/networks/{id}", $$$"""{"network": {"{{{name}}}": null}}""");
        Assert.Equal($"Cannot update read-only attribute {name}", answer.Error(400));
    }

    [Fact]
    public async Task A_message_does_not_repeat_a_novel()
    {
        var novel = new string('x', 100_000);
        var answer = await server.PostAsync("/v2.0/networks", $$$"""{"network": {"mtu": "{{{novel}}}"}}""");
        Assert.InRange(answer.Error(400).Length, 100, ServerLimits.ErrorMessageCharactersMax + 100);
    }

    [Fact]
    public async Task A_project_header_is_bounded()
    {
        var header = ("X-Project-Id", new string('x', 256));
        var answer = await server.SendAsync(HttpMethod.Post, "/v2.0/networks", """{"network": {}}""", header);
        Assert.Contains("X-Project-Id", answer.Error(400), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deep_nesting_is_refused()
    {
        var depth = ServerLimits.RequestDepthMax;
        var nested = new string('[', depth) + new string(']', depth);
        var answer = await server.PostAsync("/v2.0/ports", $$$"""{"port": {"fixed_ips": {{{nested}}} }}""");
        Assert.StartsWith("Body contains invalid data", answer.Error(400, "HTTPBadRequest"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_large_body_within_the_bound_is_read()
    {
        var padding = new string(' ', ServerLimits.RequestBodyBytesMax - 15);
        (await server.PostAsync("/v2.0/networks", $$$"""{"network": {{{padding}}}{}}""")).Is(201);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_that_is_too_large_is_refused(bool lengthIsKnown)
    {
        // By hand: a client that is still sending when the answer comes may lose the answer.
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        var cancelled = TestContext.Current.CancellationToken;
        await socket.ConnectAsync(IPAddress.Loopback, server.Http.BaseAddress!.Port, cancelled);
        var length = ServerLimits.RequestBodyBytesMax + 1;
        var framing = lengthIsKnown ? $"Content-Length: {length}" : "Transfer-Encoding: chunked";
        await SendAsync(socket, $"POST /v2.0/networks HTTP/1.1\r\nHost: x\r\n{framing}\r\n\r\n");
        if (!lengthIsKnown)
            await SendAsync(socket, $"{length:x}\r\n{new string(' ', length)}\r\n0\r\n\r\n");
        var buffer = new byte[4096];
        var received = await socket.ReceiveAsync(buffer, cancelled);
        var answer = Encoding.UTF8.GetString(buffer, 0, received);
        Assert.StartsWith("HTTP/1.1 413 ", answer, StringComparison.Ordinal);
        Assert.Contains("Connection: close", answer, StringComparison.Ordinal);
        Assert.Contains($"larger than {ServerLimits.RequestBodyBytesMax} bytes", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/foo")]
    [InlineData("/v3/ports")]
    [InlineData("/v2.0/foo")]
    [InlineData("/v2.0/security.groups")]
    [InlineData("/v2.0/bindings")]
    [InlineData("/v2.0/ports/x/y")]
    [InlineData("/v2.0/extensions/x/y")]
    public async Task An_unknown_path_is_not_found(string path) =>
        (await server.GetAsync(path)).Error(404, "HTTPNotFound");

    [Fact]
    public async Task Any_bytes_get_an_answer_that_is_not_a_failure_of_ours()
    {
        var random = Seed.For(nameof(Any_bytes_get_an_answer_that_is_not_a_failure_of_ours));
        const string networkId = "01a203ba-730f-75be-b0c2-a1547cd04b56";
        var seeds = new[]
        {
            """{"network": {"name": "n\u00e9", "mtu": 1400, "provider:network_type": "vxlan"}}""",
            $$$"""{"port": {"network_id": "{{{networkId}}}", "fixed_ips": [{"ip_address": "10.0.0.1"}]}}""",
            """{"subnets": [{"cidr": "10.0.0.0/8", "ip_version": 4, "host_routes": [], "gateway_ip": null}]}""",
        };
        for (var round = 0; round < 300; round++)
        {
            var bytes = Encoding.UTF8.GetBytes(seeds[random.Next(seeds.Length)]);
            for (var change = random.Next(4); change >= 0; change--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            using var content = new ByteArrayContent(bytes);
            var collection = new[] { "networks", "subnets", "ports" }[random.Next(3)];
            using var response = await server.Http.PostAsync(
                $"/v2.0/{collection}", content, TestContext.Current.CancellationToken);
            Assert.True((int)response.StatusCode < 500, $"{collection}: {Encoding.UTF8.GetString(bytes)}");
        }
    }

    private static async Task SendAsync(Socket socket, string text)
    {
        var rest = Encoding.ASCII.GetBytes(text).AsMemory();
        while (!rest.IsEmpty)
            rest = rest[await socket.SendAsync(rest, TestContext.Current.CancellationToken)..];
    }
}
