using System.Diagnostics;
using System.Text.Json;
using Alcor.Bench.Http;

namespace Alcor.Bench.Hosts;

/// <summary>What the API answered about a port.</summary>
internal sealed record CreatedPort(string Id, string MacAddress, string IpAddress, string Status, ulong Revision)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(0.5);

    public static CreatedPort Read(JsonElement port) => new(
        port.GetProperty("id").GetString()!,
        port.GetProperty("mac_address").GetString()!,
        port.GetProperty("fixed_ips")[0].GetProperty("ip_address").GetString()!,
        port.GetProperty("status").GetString()!,
        port.GetProperty("revision_number").GetUInt64());

    /// <summary>Asks again and again until the API says ACTIVE, and returns when it said so.</summary>
    public async Task<long> ActiveAsync(Api api, CancellationToken cancellationToken)
    {
        while (true)
        {
            var answer = await api.SendAsync("GET", $"/v2.0/ports/{Id}", "", cancellationToken);
            if (Read(answer.GetProperty("port")).Status == "ACTIVE")
                return Stopwatch.GetTimestamp();
            await Task.Delay(Pause, cancellationToken);
        }
    }
}
