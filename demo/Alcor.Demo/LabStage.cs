using Alcor.Lab;

namespace Alcor.Demo;

/// <summary>Real processes on real switches: the product on a lab.</summary>
internal sealed class LabStage(Region region) : IStage
{
    private static readonly TimeSpan LeaseLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PingInterval = TimeSpan.FromMilliseconds(50);

    public NetworkingClient Api => region.Api;

    public IReadOnlyList<string> Hosts { get; } = [.. region.Hosts.Select(host => host.Name)];

    public async Task<IMachine> PlugAsync(
        string name, string host, NetworkingPort port, CancellationToken cancellationToken)
    {
        var place = region.Hosts.Single(candidate => candidate.Name == host);
        return new Machine(await place.BootAsync(name, port, cancellationToken));
    }

    private sealed class Machine(VirtualMachine machine) : IMachine
    {
        public async Task<string> LeaseAsync(CancellationToken cancellationToken) =>
            (await machine.DhcpAsync(LeaseLimit, cancellationToken)).Address.ToString();

        public async Task<Echoes> PingAsync(string address, int count, CancellationToken cancellationToken)
        {
            var ping = await machine.PingAsync(address, count, PingInterval);
            return new Echoes(ping.Sent, ping.Received, ping.AverageRoundTrip);
        }
    }
}
