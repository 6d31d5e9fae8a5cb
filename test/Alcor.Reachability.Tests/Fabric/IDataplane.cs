using System.Net;
using Alcor.Agent.Rendering;
using Alcor.OpenFlow;

namespace Alcor.Reachability.Tests;

/// <summary>The switches of all hosts and what is between them: in memory, or real.</summary>
internal interface IDataplane
{
    /// <summary>The switch of a host that is new; it has no flow and no machine.</summary>
    /// <param name="hasOutside">Whether the network outside reaches it.</param>
    ITestedSwitch SwitchOf(IPAddress tunnelAddress, bool hasOutside);

    /// <summary>
    /// A machine sends frames, which do all that they ever will before this ends: what comes of a packet is told of no
    /// other.
    /// </summary>
    /// <param name="arrivalsExpected">For so many it is worth waiting.</param>
    Task<Journey> SendAsync(ITestedSwitch from, uint port, IReadOnlyList<byte[]> frames, int arrivalsExpected);

    /// <inheritdoc cref="SendAsync"/>
    Task<Journey> SendFromOutsideAsync(IReadOnlyList<byte[]> frames, int arrivalsExpected);
}

/// <summary>
/// The switch of one host. Its tunnels are at <see cref="Tunnels"/>, and the network outside, if it reaches the host,
/// at <see cref="PhysicalPort"/>.
/// </summary>
internal interface ITestedSwitch
{
    const uint PhysicalPort = 3;

    static readonly TunnelPorts Tunnels = new(Vxlan: 1, Geneve: 2);

    bool HasOutside { get; }

    /// <summary>
    /// A machine is there; the number of its port, under which the switch knows nothing of any other machine.
    /// </summary>
    Task<uint> PlugAsync();

    Task UnplugAsync(uint port);

    /// <summary>Forgets connections.</summary>
    Task ForgetAsync(ConnectionFilter which);

    /// <summary>Makes all changes at once.</summary>
    Task ApplyAsync(IReadOnlyList<FlowMod> changes);
}

/// <summary>A frame that a machine has received.</summary>
/// <param name="Switch">Null: outside.</param>
internal sealed record Delivery(ITestedSwitch? Switch, uint Port, byte[] Frame);

/// <summary>What frames led to.</summary>
/// <param name="TellAsync">Its way through the switches, as a text for who looks for a mistake.</param>
internal sealed record Journey(IReadOnlyList<Delivery> Arrivals, Func<Task<string>> TellAsync);
