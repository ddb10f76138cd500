import { useMemo } from "react";
import { useLocation } from "wouter";

import { createBrandingApi } from "../core/api/branding-client";
import { Branding } from "../features/branding/branding";
import { BrandingDeskProvider } from "../features/branding/desk";

import { call } from "./ports";

export interface OrganisationBrandingProps {
  org: string;
  called: string;
  owns: boolean;
}

export function OrganisationBranding({ org, called, owns }: OrganisationBrandingProps) {
  const [, go] = useLocation();
  const desk = useMemo(
    () => ({ api: createBrandingApi(call, org), org, called, owns, go }),
    [org, called, owns, go],
  );
  return (
    <BrandingDeskProvider value={desk}>
      <Branding />
    </BrandingDeskProvider>
  );
}
