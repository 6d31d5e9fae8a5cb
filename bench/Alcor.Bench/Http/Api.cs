using System.Text;
using System.Text.Json;

namespace Alcor.Bench.Http;

/// <summary>What cases ask of the API outside of what they measure.</summary>
internal sealed class Api(Connection connection, string? identity) : IDisposable
{
    /// <param name="identity">Who asks, if not those whose load is measured; empty: the administrator.</param>
    public static async Task<Api> OpenAsync(
        ServerUnderTest server, CancellationToken cancellationToken, string? identity = null) =>
        new(await Connection.OpenAsync(server.Api, cancellationToken), identity);

    /// <exception cref="InvalidOperationException">The answer is not a success.</exception>
    public async Task<JsonElement> SendAsync(
        string method, string path, string body, CancellationToken cancellationToken)
    {
        await connection.ExchangeAsync(Connection.Request(method, path, body, identity), cancellationToken);
        if (connection.Status is < 200 or > 299)
        {
            throw new InvalidOperationException(
                $"{method} {path}: {connection.Status} {Encoding.UTF8.GetString(connection.Body.Span)}");
        }
        using var document = JsonDocument.Parse(connection.Body);
        return document.RootElement.Clone();
    }

    /// <summary>
    /// A network with a subnet that has addresses for all ports of any run; returns the network's id.
    /// </summary>
    public async Task<string> CreateNetworkAsync(string name, CancellationToken cancellationToken)
    {
        var network = await SendAsync(
            "POST", "/v2.0/networks", $$$"""{"network":{"name":"{{{name}}}"}}""", cancellationToken);
        var id = network.GetProperty("network").GetProperty("id").GetString()!;
        await SendAsync(
            "POST",
            "/v2.0/subnets",
            $$$"""{"subnet":{"network_id":"{{{id}}}","ip_version":4,"cidr":"10.0.0.0/8"}}""",
            cancellationToken);
        return id;
    }

    /// <summary>Lets a project have ports in a network that is another's.</summary>
    public Task ShareNetworkAsync(string network, string project, CancellationToken cancellationToken) => SendAsync(
        "POST",
        "/v2.0/rbac-policies",
        $$$"""
        {"rbac_policy":{"object_type":"network","object_id":"{{{network}}}","action":"access_as_shared",
        "target_tenant":"{{{project}}}"}}
        """,
        cancellationToken);

    public async Task<IReadOnlyList<string>> CreateNetworksAsync(int count, CancellationToken cancellationToken)
    {
        var ids = new List<string>();
        for (var i = 0; i < count; i++)
            ids.Add(await CreateNetworkAsync($"network-{i}", cancellationToken));
        return ids;
    }

    /// <summary>
    /// Null when the store holds exactly <paramref name="expected"/> ports and no two of a network share an IP or a MAC
    /// address; else what is wrong.
    /// </summary>
    public async Task<string?> FindFaultAsync(long expected, CancellationToken cancellationToken)
    {
        var answer = await SendAsync(
            "GET",
            "/v2.0/ports?fields=id&fields=network_id&fields=mac_address&fields=fixed_ips",
            "",
            cancellationToken);
        var (ids, macs, ips) = (new HashSet<string>(), new HashSet<string>(), new HashSet<string>());
        var count = 0L;
        foreach (var port in answer.GetProperty("ports").EnumerateArray())
        {
            count++;
            if (!ids.Add(port.GetProperty("id").GetString()!))
                return $"two ports are {port}";
            if (!macs.Add($"{port.GetProperty("network_id")} {port.GetProperty("mac_address")}"))
                return $"the MAC address of {port} is another port's too";
            foreach (var ip in port.GetProperty("fixed_ips").EnumerateArray())
            {
                if (!ips.Add(ip.ToString()))
                    return $"an address of {port} is another port's too";
            }
        }
        if (ips.Count != count)
            return $"{count} ports have {ips.Count} addresses";
        return count == expected ? null : $"{expected} ports were answered with success, {count} are there";
    }

    public void Dispose() => connection.Dispose();
}
