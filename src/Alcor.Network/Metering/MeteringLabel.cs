using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.Metering;

/// <summary>A name under which traffic is counted; its rules say which. Stored; not yet applied by hosts.</summary>
/// <param name="Shared">Whether the traffic of all projects is meant.</param>
public sealed record MeteringLabel(string Id, string ProjectId, string Name, string Description, bool Shared)
{
    public static readonly ResourceType<MeteringLabel> Type = new("metering_label", "metering_labels")
    {
        Json = NetworkJson.Default.MeteringLabel,
        Id = label => label.Id,
        Partition = label => PartitionOf(label.Id),
        IndexedBy = [("name", label => [label.Name])],
        VisibleTo = label => label.Shared ? [label.ProjectId, Visibility.Everybody] : [label.ProjectId],
        Api = new ApiNames("metering/metering-labels", "metering_label", "metering_labels")
        {
            NotFound = id => new ApiError(404, "MeteringLabelNotFound", $"Metering label '{id}' does not exist."),
        },
        Attributes = MeteringLabelAttributes.All,
    };

    /// <summary>A label and its rules.</summary>
    public static PartitionKey PartitionOf(string id) => PartitionKey.Pool($"metering-label/{id}");
}
