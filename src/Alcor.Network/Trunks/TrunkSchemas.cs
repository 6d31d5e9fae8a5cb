using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Alcor.Kernel.Resources;
using Alcor.Network.Ports;
using Alcor.Network.Subnets;

namespace Alcor.Network.Trunks;

/// <summary>The shapes of what trunks carry. Members that are not known are passed over, as in Neutron.</summary>
internal static class TrunkSchemas
{
    private const string PortId = "port_id";
    private const string SegmentationType = "segmentation_type";
    private const string SegmentationId = "segmentation_id";

    /// <summary>Tags are 12 bits, and 0 and 4095 mean something else (IEEE 802.1Q).</summary>
    public const int LastVlan = 4094;

    public static Schema<ImmutableArray<SubPortRequest>> SubPorts { get; } = new()
    {
        TryRead = TryReadSubPorts,
        Write = (writer, ports) =>
        {
            writer.WriteStartArray();
            foreach (var port in ports)
            {
                writer.WriteStartObject();
                writer.WriteString(PortId, port.PortId);
                writer.WriteString(SegmentationType, port.SegmentationType);
                writer.WritePropertyName(SegmentationId);
                writer.WriteRawValue(port.SegmentationId!);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
        },
        FilterTexts = ports => ports.Select(port => port.PortId),
        Describe = () => new JsonObject
        {
            ["type"] = "array",
            ["maxItems"] = LastVlan,
            ["items"] = Members.DescribeAll(
                (PortId, Schemas.Uuid.Describe()),
                (SegmentationType, Schemas.OneOf(Trunk.Vlan, Trunk.Inherit).Describe()),
                (SegmentationId, Schemas.Integer(1, LastVlan).Describe())),
        },
    };

    /// <summary>The trunk of a parent port, as the port shows it.</summary>
    public static Schema<PortTrunk?> Details { get; } = new()
    {
        TryRead = (JsonElement json, out PortTrunk? value, out string reason) =>
        {
            (value, reason) = (null, $"'{json}' is only shown");
            return false;
        },
        Write = (writer, trunk) =>
        {
            writer.WriteStartObject();
            writer.WriteString("trunk_id", trunk!.TrunkId);
            writer.WriteStartArray("sub_ports");
            foreach (var port in trunk.Carries.OrEmpty())
            {
                writer.WriteStartObject();
                writer.WriteNumber(SegmentationId, port.SegmentationId);
                writer.WriteString(SegmentationType, port.SegmentationType);
                writer.WriteString(PortId, port.PortId);
                writer.WriteString("mac_address", port.MacAddress.ToString());
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
            writer.WriteEndObject();
        },
        FilterTexts = trunk => trunk is null ? [] : [trunk.TrunkId],
        Describe = () => Members.DescribeAll(
            ("trunk_id", Schemas.Uuid.Describe()),
            ("sub_ports", new JsonObject
            {
                ["type"] = "array",
                ["items"] = Members.DescribeAll(
                    (SegmentationId, Schemas.Integer(1, LastVlan).Describe()),
                    (SegmentationType, Schemas.OneOf(Trunk.Vlan).Describe()),
                    (PortId, Schemas.Uuid.Describe()),
                    ("mac_address", Schemas.Mac.Describe())),
            })),
    };

    private static bool TryReadSubPorts(
        JsonElement json, out ImmutableArray<SubPortRequest> value, out string reason)
    {
        (value, reason) = ([], "");
        if (json.ValueKind != JsonValueKind.Array)
            reason = $"Invalid data format for subports: '{json}' is not a list";
        else if (json.GetArrayLength() > LastVlan)
            reason = $"it has {json.GetArrayLength()} elements, at most {LastVlan} are allowed";
        if (reason.Length > 0)
            return false;
        var read = ImmutableArray.CreateBuilder<SubPortRequest>(json.GetArrayLength());
        foreach (var item in json.EnumerateArray())
        {
            if (!TryReadSubPort(item, out var port, out reason))
                return false;
            read.Add(port);
        }
        value = read.MoveToImmutable();
        reason = FindRepeated(value);
        return reason.Length == 0;
    }

    private static bool TryReadSubPort(JsonElement json, out SubPortRequest value, out string reason)
    {
        value = default;
        reason = json.ValueKind != JsonValueKind.Object ? $"Invalid data format for subport: '{json}' is not a dict"
            : !json.TryGetProperty(PortId, out var port) ? "A valid port UUID must be specified"
            : !Schemas.Uuid.TryRead(port, out _, out _) ? $"Invalid UUID for subport: '{port}'"
            : "";
        if (reason.Length > 0)
            return false;
        value = new SubPortRequest(
            json.GetProperty(PortId).GetString()!, TextOf(json, SegmentationType), TextOf(json, SegmentationId));
        var isWhole = value
            is { SegmentationType: Trunk.Inherit } or { SegmentationType.Length: > 0, SegmentationId: not null };
        if (!isWhole && json.EnumerateObject().Count() > 1)
            reason = TrunkErrors.MissingSegmentation(json.ToString());
        return reason.Length == 0;
    }

    private static string FindRepeated(ImmutableArray<SubPortRequest> ports)
    {
        var ids = new HashSet<string>();
        var segments = new HashSet<(string?, string)>();
        foreach (var port in ports)
        {
            if (!ids.Add(port.PortId))
                return $"Non unique UUID for subport: '{port.PortId}'";
            if (port.SegmentationType != Trunk.Inherit
                && port.SegmentationId is { } id
                && !segments.Add((port.SegmentationType, id)))
                return $"Segmentation ID '{id}' for '{port.PortId}' is not unique";
        }
        return "";
    }

    private static string? TextOf(JsonElement json, string name) =>
        json.TryGetProperty(name, out var member) && member.ValueKind != JsonValueKind.Null ? member.ToString() : null;
}
