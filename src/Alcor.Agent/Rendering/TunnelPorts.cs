using Alcor.Protocol.V1;

namespace Alcor.Agent.Rendering;

/// <summary>The OpenFlow port of each encapsulation; null: the switch has none yet, or cannot have it.</summary>
public readonly record struct TunnelPorts(uint? Vxlan, uint? Geneve)
{
    public static readonly TunnelPorts None;

    public uint? this[Encapsulation encapsulation] => encapsulation == Encapsulation.Geneve ? Geneve : Vxlan;

    /// <summary>One of them; null: there is none.</summary>
    public uint? Any => Vxlan ?? Geneve;

    public IEnumerable<uint> All => new[] { Vxlan, Geneve }.OfType<uint>();

    /// <summary>What comes through a port is encapsulated in this way; null: it is no port of a tunnel.</summary>
    public Encapsulation? At(uint port) =>
        port == Vxlan ? Encapsulation.Vxlan : port == Geneve ? Encapsulation.Geneve : null;
}
