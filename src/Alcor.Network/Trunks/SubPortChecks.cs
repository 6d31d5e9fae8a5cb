using System.Collections.Immutable;
using System.Globalization;
using Alcor.Kernel.Resources;
using Alcor.Network.Ports;

namespace Alcor.Network.Trunks;

/// <summary>Which ports a trunk can carry, in the order in which Neutron looks.</summary>
internal sealed class SubPortChecks(TrunkPorts ports, Caller caller)
{
    /// <summary>The trunk with further subports.</summary>
    public Result<Trunk> Add(Trunk trunk, ImmutableArray<SubPortRequest> wanted)
    {
        foreach (var request in wanted)
        {
            var read = Read(trunk, request);
            if (read.Error is { } error)
                return error;
            if (trunk.SubPorts.Any(port => SegmentOf(port) == SegmentOf(read.Value)))
                return TrunkErrors.DuplicateSubPort(read.Value, trunk.Id);
            trunk = trunk with { SubPorts = trunk.SubPorts.Add(read.Value) };
        }
        return trunk;
    }

    /// <summary>The parent of a new trunk.</summary>
    public ApiError? CheckParent(string id) => ports.Find(id, caller) switch
    {
        null => Port.Type.Api.NotFound(id),
        { Trunk.IsSubport: true } => TrunkErrors.TrunkPortInUse(id),
        { Trunk: not null } or { HostId.Length: > 0 } => TrunkErrors.ParentPortInUse(id),
        _ => null,
    };

    private Result<SubPort> Read(Trunk trunk, SubPortRequest request)
    {
        var id = request.PortId;
        if (id == trunk.PortId)
            return TrunkErrors.ParentPortInUse(id);
        var port = ports.Find(id, caller);
        if (port is not null && CheckMtu(port, trunk.PortId) is { } tooLarge)
            return tooLarge;
        if (request.SegmentationType == Trunk.Inherit && port is not null)
            request = Inherit(port);
        var subport = Read(request);
        return subport.Error ?? CheckUse(id, port) ?? subport;
    }

    private static Result<SubPort> Read(SubPortRequest request)
    {
        var (id, type, segment) = request;
        if (type is null || segment is null)
            return Errors.InvalidInput(TrunkErrors.MissingSegmentation(id));
        if (!int.TryParse(segment, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var tag))
            return Errors.InvalidInput($"Invalid subport details: segmentation_id '{segment}' is not an integer");
        if (type != Trunk.Vlan)
            return Errors.InvalidInput($"Unknown segmentation_type '{type}'");
        return tag is >= 1 and <= TrunkSchemas.LastVlan
            ? new SubPort(id, type, tag)
            : Errors.InvalidInput($"Segmentation ID '{tag}' is not in range");
    }

    private ApiError? CheckMtu(Port port, string parentId)
    {
        if (ports.Find(parentId) is not { } parent || ports.NetworkOf(parent)?.Mtu is not { } parentMtu)
            return null;
        return ports.NetworkOf(port)?.Mtu is { } mtu && mtu > parentMtu
            ? TrunkErrors.MtuTooLarge(port.Id, mtu, parentId, parentMtu)
            : null;
    }

    private static ApiError? CheckUse(string id, Port? port) => port switch
    {
        null => Port.Type.Api.NotFound(id),
        { Trunk.IsSubport: true } => TrunkErrors.TrunkPortInUse(id),
        { Trunk: not null } => TrunkErrors.ParentPortInUse(id),
        { DeviceId.Length: > 0 } => Errors.PortInUse(port),
        _ => null,
    };

    private SubPortRequest Inherit(Port port)
    {
        var segment = ports.NetworkOf(port)?.OnlySegment;
        return new SubPortRequest(port.Id, segment?.NetworkType, $"{segment?.SegmentationId}");
    }

    private static (string, int) SegmentOf(SubPort port) => (port.SegmentationType, port.SegmentationId);
}
