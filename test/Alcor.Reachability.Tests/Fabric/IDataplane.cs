using System.Net;
using Alcor.Agent.Rendering;
using Alcor.OpenFlow;

namespace Alcor.Reachability.Tests;

/// <summary>The switches of all hosts and what is between them: in memory, or real.</summary>
internal interface IDataplane
{
    /// <summary>The switch of a host that is new; it has no flow and no machine.</summary>
    ITestedSwitch SwitchOf(string host, IPAddress tunnelAddress);

    /// <summary>
    /// A machine sends a frame, which does all that it ever will before this ends: what comes of a packet is told of no
    /// other.
    /// </summary>
    /// <param name="arrivalsExpected">For so many it is worth waiting.</param>
    Task<Journey> SendAsync(ITestedSwitch from, uint port, byte[] frame, int arrivalsExpected);
}

/// <summary>The switch of one host. Its tunnels are at <see cref="Tunnels"/>.</summary>
internal interface ITestedSwitch
{
    static readonly TunnelPorts Tunnels = new(Vxlan: 1, Geneve: 2);

    /// <summary>
    /// A machine is there; the number of its port, under which the switch knows nothing of any other machine.
    /// </summary>
    Task<uint> PlugAsync();

    Task UnplugAsync(uint port);

    /// <summary>Forgets the connections of a zone.</summary>
    Task ForgetAsync(ushort zone);

    /// <summary>Makes all changes at once.</summary>
    Task ApplyAsync(IReadOnlyList<FlowMod> changes);
}

/// <summary>A frame that a machine has received.</summary>
internal sealed record Delivery(ITestedSwitch Switch, uint Port, byte[] Frame);

/// <summary>What a frame led to.</summary>
/// <param name="TellAsync">Its way through the switches, as a text for who looks for a mistake.</param>
internal sealed record Journey(IReadOnlyList<Delivery> Arrivals, Func<Task<string>> TellAsync);
