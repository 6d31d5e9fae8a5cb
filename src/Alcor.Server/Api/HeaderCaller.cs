using Alcor.Kernel.Resources;

namespace Alcor.Server.Api;

/// <summary>The caller where nobody is authenticated: whoever the headers say.</summary>
internal static class HeaderCaller
{
    public static Caller Of(IHeaderDictionary headers) =>
        (string?)headers["X-Project-Id"] is { Length: > 0 } project
            ? Caller.System with { ProjectId = project }
            : Caller.System;
}
