using Alcor.Lab;

namespace Alcor.Demo;

/// <summary>Where the demonstration plays: hosts with switches and agents, and an API.</summary>
internal interface IStage
{
    NetworkingClient Api { get; }

    IReadOnlyList<string> Hosts { get; }

    /// <summary>Starts a machine that holds a port, and plugs it in a host's switch.</summary>
    Task<IMachine> PlugAsync(string name, string host, NetworkingPort port, CancellationToken cancellationToken);
}

/// <summary>A virtual machine, real enough to ask for its address and to ping.</summary>
internal interface IMachine
{
    /// <summary>Asks for an address by DHCP and takes it.</summary>
    /// <returns>The address.</returns>
    Task<string> LeaseAsync(CancellationToken cancellationToken);

    Task<Echoes> PingAsync(string address, int count, CancellationToken cancellationToken);
}

/// <param name="RoundTrip">The average; null when nothing came back.</param>
internal sealed record Echoes(int Sent, int Received, TimeSpan? RoundTrip)
{
    public int Lost => Sent - Received;
}

/// <summary>The demonstration cannot go on, for a reason that the user is told.</summary>
internal sealed class DemoFailedException(string message) : Exception(message);
