namespace Alcor.Bench.Http;

/// <summary>Ports that are there before anything is measured.</summary>
internal static class Population
{
    private const int PerRequest = 1_000;

    /// <summary>Creates a network with so many ports, and returns their ids in the order of a list.</summary>
    public static async Task<IReadOnlyList<string>> CreateAsync(Api api, int ports, CancellationToken cancellationToken)
    {
        var network = await api.CreateNetworkAsync("population", cancellationToken);
        return await AddAsync(api, network, ports, cancellationToken);
    }

    public static async Task<IReadOnlyList<string>> AddAsync(
        Api api, string network, int ports, CancellationToken cancellationToken)
    {
        var ids = new List<string>(ports);
        while (ids.Count < ports)
        {
            var count = Math.Min(PerRequest, ports - ids.Count);
            var one = $$"""{"network_id":"{{network}}","name":"web"}""";
            var answer = await api.SendAsync(
                "POST",
                "/v2.0/ports",
                $$"""{"ports":[{{string.Join(',', Enumerable.Repeat(one, count))}}]}""",
                cancellationToken);
            ids.AddRange(
                answer.GetProperty("ports").EnumerateArray().Select(port => port.GetProperty("id").GetString()!));
        }
        ids.Sort(StringComparer.Ordinal);
        return ids;
    }
}
