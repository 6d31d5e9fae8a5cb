using System.Collections.Immutable;
using Alcor.Kernel.Addresses;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.Ports;

/// <summary>
/// What the host of a port must know of it, in the partition of that host: this is what brings the host to the network,
/// or to the router if it is the gateway of one. A host that the port could move to has one too, by which it knows
/// beforehand what the port will need there.
/// Follows wholly from the port.
/// </summary>
public sealed record Binding(
    string PortId,
    string NetworkId,
    string HostId,
    bool AdminStateUp,
    MacAddress MacAddress,
    ImmutableArray<FixedIp> FixedIps,
    long Generation)
{
    public static readonly ResourceType<Binding> Type = new("binding", "bindings")
    {
        Json = NetworkJson.Default.Binding,
        Id = binding => IdOf(binding.PortId, binding.HostId),
        Partition = binding => PartitionKey.Host(binding.HostId),
    };

    /// <summary>The port is on another host. Only where this leads matters.</summary>
    public bool IsInactive { get; init; }

    /// <summary>Whether it may send from any address, and follows no rules.</summary>
    public bool IsUnprotected { get; init; }

    /// <summary>Ids of the groups whose rules it follows; absent: none.</summary>
    public ImmutableArray<string> SecurityGroups { get; init; }

    /// <summary>The router whose gateway the host has by it; null: it is a port that is plugged there.</summary>
    public string? GatewayOf { get; init; }

    /// <summary>What it may send from besides its own addresses; absent: nothing.</summary>
    public ImmutableArray<AllowedAddress> AllowedAddresses { get; init; }

    /// <summary>What DHCP tells it beyond what its subnets say; absent: nothing.</summary>
    public ImmutableArray<ExtraDhcpOption> DhcpOptions { get; init; }

    /// <summary>Null: it has no name, and the cloud no domain of its own.</summary>
    public PortDns? Dns { get; init; }

    /// <summary>The policy that the host holds it to; null: none.</summary>
    public string? QosPolicyId { get; init; }

    /// <summary>How the host finds it if it is a subport of a trunk; null: by an interface of its own.</summary>
    public SubPortCarriage? Carriage { get; init; }

    /// <summary>The machine that it is plugged into, as the orchestrator calls it; null: none that is known.</summary>
    public string? MachineId { get; init; }

    /// <summary>Null: its machine is not known either.</summary>
    public string? ProjectId { get; init; }

    public static Binding Of(Port port) => new(
        port.Id, port.NetworkId, port.HostId, port.AdminStateUp, port.MacAddress, port.FixedIps, port.Generation)
    {
        GatewayOf = port.GatewayOf,
        IsUnprotected = port.IsUnprotected,
        SecurityGroups = port.SecurityGroups,
        AllowedAddresses = AllowedAddress.Of(port).OrAbsent(),
        DhcpOptions = port.DhcpOptions,
        Dns = port.Dns,
        QosPolicyId = port.HostQosPolicyId,
        Carriage = port.Carriage,
        MachineId = MachineOf(port),
        ProjectId = MachineOf(port) is null ? null : port.ProjectId,
    };

    /// <summary>All that follow from a port: of its host, and of those that it could move to.</summary>
    public static ImmutableArray<Binding> AllOf(Port port)
    {
        var bindings = ImmutableArray.CreateBuilder<Binding>(1);
        if (port.IsBound)
            bindings.Add(Of(port));
        foreach (var other in port.InactiveBindings.OrEmpty())
        {
            bindings.Add(new Binding(
                port.Id, port.NetworkId, other.Host, AdminStateUp: false, port.MacAddress, FixedIps: [], Generation: 0)
            {
                IsInactive = true,
                SecurityGroups = port.SecurityGroups,
                QosPolicyId = port.HostQosPolicyId,
            });
        }
        return bindings.DrainToImmutable();
    }

    /// <summary>Whether the host's partition says of a port what follows from it; an earlier version may have said
    /// less.</summary>
    public static bool IsKept(Port port, Snapshot host) =>
        host.Find(Type, IdOf(port.Id, port.HostId)) is { Value: var kept }
        && Bytes(kept).SequenceEqual(Bytes(Of(port)));

    private static string? MachineOf(Port port) =>
        DeviceOwner.IsMachine(port.DeviceOwner) && port.DeviceId.Length > 0 ? port.DeviceId : null;

    private static string IdOf(string portId, string hostId) => $"{portId}@{hostId}";

    private static ReadOnlySpan<byte> Bytes(Binding binding) => Type.ToWrite(binding).Value!.Value.Span;
}
