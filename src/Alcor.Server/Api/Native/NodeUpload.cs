using Alcor.Network;
using Alcor.Network.Nodes;
using static Alcor.Server.Api.OpenApi.DocumentParts;

namespace Alcor.Server.Api.Native;

/// <summary>A JSON file of nodes: each is announced as it would be by itself, all of them or none.</summary>
internal sealed class NodeUpload
{
    private readonly CollectionEndpoints nodes;

    public NodeUpload(ApiServices services) => nodes = new CollectionEndpoints(
        new ApiCollection(NetworkCatalog.Types, Node.Type, new NodeCommands(), NativeApi.Version), services);

    public ApiOperation Operation => new(
        "POST",
        "/v1/nodes/upload",
        "node",
        "upload_nodes",
        "Announce the nodes of a JSON file, all of them or none: a list of nodes, or an object with the list as nodes. "
        + "The file is the one file of a form, or the body itself. An error names the item, counted from 0, and the "
        + "attribute")
    {
        Rule = "create_alcor_node",
        Handler = async call => await nodes.CreateAsync(
            call, await UploadedFile.ReadAsync(call.Http, root => nodes.Reader.ReadFile(root))),
        Status = StatusCodes.Status201Created,
        Request = () => OneOf(Whole(("nodes", Items())), Items()),
        TakesFile = true,
        Response = () => Whole(("nodes", ListOf(Reference("node")))),
        Errors = ["400", "401", "403", "409", "413", "503"],
    };

    private static System.Text.Json.Nodes.JsonObject Items()
    {
        var items = ListOf(Reference("node_create"));
        items["minItems"] = 1;
        items["maxItems"] = Kernel.Limits.BulkMax;
        return items;
    }
}
