using System.Net;
using Alcor.OpenFlow;

namespace Alcor.Agent.Desired;

/// <summary>What an entry says, decoded and checked: one of the records of this file.</summary>
public interface IEntryValue;

public sealed record NetworkValue(uint SegmentationId, ushort Mtu, bool AdminStateUp) : IEntryValue;

/// <param name="Gateway">Null when the subnet has none.</param>
public sealed record SubnetValue(
    IPNetwork Cidr,
    IPAddress? Gateway,
    bool EnableDhcp,
    ValueList<IPAddress> NameServers,
    ValueList<Route> Routes) : IEntryValue;

public readonly record struct Route(IPNetwork Destination, IPAddress NextHop);

/// <summary>Where the addresses of a bound port are; on this host too.</summary>
public sealed record NeighborValue(
    MacAddress Mac, ValueList<IPAddress> Addresses, string Host, IPAddress TunnelAddress) : IEntryValue;

public sealed record PortValue(
    Guid NetworkId, MacAddress Mac, ValueList<PortAddress> Addresses, bool AdminStateUp) : IEntryValue;

public readonly record struct PortAddress(Guid SubnetId, IPAddress Address);

/// <summary>
/// An entry that cannot be understood. It renders to nothing and is reported as failed with this reason.
/// </summary>
public sealed record MalformedValue(string Reason) : IEntryValue;

/// <summary>An entry as held, with the revision of its partition at which it last changed.</summary>
public sealed record HeldEntry(EntryKey Key, ulong Revision, IEntryValue Value);
