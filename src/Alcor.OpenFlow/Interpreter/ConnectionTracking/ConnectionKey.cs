namespace Alcor.OpenFlow;

/// <summary>
/// One end of a connection. For ICMP the port is the identifier, and the type is the one that this end sends.
/// </summary>
internal readonly record struct ConnectionEnd(UInt128 Address, ushort Port, byte IcmpType = 0);

/// <summary>
/// What tells connections of one direction apart. The other direction of a connection has the ends swapped, unless
/// addresses are translated.
/// </summary>
internal readonly record struct ConnectionKey(
    ushort Zone, int IpVersion, byte Protocol, ConnectionEnd Source, ConnectionEnd Target)
{
    public ConnectionKey Reversed => this with { Source = Target, Target = Source };

    public bool IsIcmp => IpVersion == 4 ? Protocol == 1 : Protocol == 58;

    public override string ToString()
    {
        var (source, target) = IpVersion == 4
            ? ($"{new Ipv4Address((uint)Source.Address)}", $"{new Ipv4Address((uint)Target.Address)}")
            : ($"{new Ipv6Address(Source.Address)}", $"{new Ipv6Address(Target.Address)}");
        if (IsIcmp) return $"src={source},dst={target},id={Source.Port},type={Source.IcmpType},code=0";
        return $"src={source},dst={target},sport={Source.Port},dport={Target.Port}";
    }
}
