namespace Alcor.Bench.Http;

/// <summary>Requests that create ports, one for each network that they are spread over.</summary>
internal static class PortRequests
{
    /// <param name="host">The host to bind to, as Nova does; empty: unbound.</param>
    public static Work Create(IReadOnlyList<string> networks, int perRequest, string host) => new(
        [
            .. networks.Select(network => Connection.Request(
                "POST",
                "/v2.0/ports",
                perRequest == 1
                    ? $$"""{"port":{{Port(network, host)}}}"""
                    : $$"""{"ports":[{{string.Join(',', Enumerable.Repeat(Port(network, host), perRequest))}}]}""")),
        ],
        Status: 201,
        perRequest,
        "ports");

    /// <summary>One port a request, bound to one host after the other.</summary>
    public static Work Create(string network, IReadOnlyList<string> hosts) => new(
        [
            .. hosts.Select(host => Connection.Request(
                "POST", "/v2.0/ports", $$"""{"port":{{Port(network, host)}}}""")),
        ],
        Status: 201,
        PerRequest: 1,
        "ports");

    private static string Port(string network, string host) => host.Length == 0
        ? $$"""{"network_id":"{{network}}","admin_state_up":true,"name":"web"}"""
        : $$"""
            {"network_id":"{{network}}","admin_state_up":true,"name":"web","binding:host_id":"{{host}}",
            "device_id":"6f2b5f0c-6a3c-4b58-9f0e-0d1c2b3a4e5f","device_owner":"compute:nova"}
            """;
}
