using System.Collections.Immutable;
using System.Net;
using Alcor.Kernel.Addresses;

namespace Alcor.Network.Ports;

/// <summary>Whether a port carries traffic, as Neutron names it.</summary>
public static class PortStatus
{
    /// <summary>Not bound, or its host says that its interface is not there.</summary>
    public const string Down = "DOWN";

    /// <summary>Bound, and its host has not yet said that the switch has it.</summary>
    public const string Build = "BUILD";

    /// <summary>Its host has acknowledged the revision that contains it as it is.</summary>
    public const string Active = "ACTIVE";

    /// <summary>Its host has refused it.</summary>
    public const string Error = "ERROR";
}

/// <summary>When a port gets its addresses.</summary>
public static class PortIpAllocation
{
    /// <summary>At its creation.</summary>
    public const string Immediate = "immediate";

    /// <summary>When its host is known: only then is it known which subnets of a routed network reach it.</summary>
    public const string Deferred = "deferred";

    /// <summary>Never: it was asked for without addresses.</summary>
    public const string None = "none";
}

/// <summary>Addresses that a port may send from besides its own, as they were asked for.</summary>
/// <param name="IpAddress">An address or a block; null only in a request, where it is an error.</param>
/// <param name="MacAddress">Null only in a request: the port's.</param>
public readonly record struct AddressPair(string? IpAddress, string? MacAddress);

/// <summary>What a port may send from besides its own addresses, as its host applies it.</summary>
/// <param name="Block">One address, or several.</param>
public readonly record struct AllowedAddress(IPNetwork Block, MacAddress MacAddress)
{
    /// <summary>Those of a port; one that is unprotected needs none.</summary>
    public static ImmutableArray<AllowedAddress> Of(Port port)
    {
        if (port.IsUnprotected || port.AddressPairs.IsDefaultOrEmpty)
            return [];
        var allowed = ImmutableArray.CreateBuilder<AllowedAddress>(port.AddressPairs.Length);
        foreach (var pair in port.AddressPairs)
        {
            // What cannot be read allows nothing.
            if (AddressText.TryParseBlock(pair.IpAddress ?? "", out var block)
                && MacAddress.TryParse(pair.MacAddress, out var mac))
                allowed.Add(new AllowedAddress(block, mac));
        }
        return allowed.DrainToImmutable();
    }
}

/// <summary>What the DHCP server tells the port beyond what its subnet says.</summary>
/// <param name="Value">Null only in a request: the port shall no longer have the option.</param>
/// <param name="IpVersion">4 or 6.</param>
public readonly record struct ExtraDhcpOption(string Name, string? Value, int IpVersion);

/// <summary>The names of a port.</summary>
/// <param name="Name">Null: the port has none, its addresses make one.</param>
/// <param name="Domain">The domain of its name outside of the cloud; null: none.</param>
/// <param name="CloudDomain">The cloud's own, which qualifies the name; null: <see cref="DefaultDomain"/>.</param>
public sealed record PortDns(string? Name, string? Domain, string? CloudDomain)
{
    /// <summary>The domain of a cloud that has none of its own: its ports cannot be named.</summary>
    public const string DefaultDomain = "openstacklocal.";
}

/// <summary>What the orchestrator notes of where a port may be.</summary>
public sealed record PortPlacement(string? DeviceProfile, string? NumaAffinityPolicy)
{
    /// <returns>Null where nothing is noted.</returns>
    public static PortPlacement? Of(string? deviceProfile, string? numaAffinityPolicy) =>
        deviceProfile is null && numaAffinityPolicy is null
            ? null
            : new PortPlacement(deviceProfile, numaAffinityPolicy);
}

/// <summary>The trunk that a port is part of.</summary>
/// <param name="ParentId">The port that carries it; null: it is itself the one that carries.</param>
public sealed record PortTrunk(string TrunkId, string? ParentId)
{
    /// <summary>Copies of the subports, on their parent alone; absent: none.</summary>
    public ImmutableArray<CarriedPort> Carries { get; init; }

    /// <summary>In which its parent carries a subport; 0: it is none, or an earlier version did not note it.</summary>
    public int Vlan { get; init; }

    /// <summary>Its own among the subports of the host that it is bound to; 0: it is bound to none.</summary>
    public uint Number { get; init; }

    public bool IsSubport => ParentId is not null;
}

/// <summary>How the host of a subport finds it.</summary>
/// <param name="ParentId">The port whose interface its traffic goes by.</param>
/// <param name="Vlan">The tag that it has there.</param>
/// <param name="Number">What the host calls it.</param>
public sealed record SubPortCarriage(string ParentId, int Vlan, uint Number)
{
    /// <summary>Numbers are from 1 on; a host knows ports with an interface of their own by others.</summary>
    public const uint NumberMax = 8_191;

    /// <summary>The space in which each number of a host has one subport.</summary>
    public static string NumberSpace(string host) => $"subport-number/{host}";
}

/// <summary>A subport of a trunk, as its parent shows it.</summary>
public readonly record struct CarriedPort(
    string PortId, string SegmentationType, int SegmentationId, MacAddress MacAddress);

/// <summary>A host that a port could move to: it is ready there, but its traffic goes to another one.</summary>
/// <param name="Profile">JSON text of an object.</param>
public sealed record InactiveBinding(string Host, string VnicType, string Profile);
